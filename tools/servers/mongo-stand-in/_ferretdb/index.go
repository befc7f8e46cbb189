package standin

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/tidwall/btree"

	"github.com/FerretDB/FerretDB/internal/backends"
	"github.com/FerretDB/FerretDB/internal/types"
)

// index finds the records of a collection by one or more fields. A document with an array in one of them is there once for each
// element.
type index struct {
	name    string
	unique  bool
	paths   [][]string
	records btree.Map[string, *record]
	// Some document is, or was, there more than once.
	multiple bool
	// Some value is, or was, of a kind whose keys are not in MongoDB's order.
	unordered bool
}

func newIndex(info backends.IndexInfo) *index {
	ix := &index{name: info.Name, unique: info.Unique}
	for _, key := range info.Key {
		ix.paths = append(ix.paths, strings.Split(key.Field, "."))
	}
	return ix
}

// keysOf returns the keys of a document, each once. In an index that is not unique they end with the document's number.
func (ix *index) keysOf(document *types.Document, id int64) []string {
	keys := [][]byte{nil}
	for _, path := range ix.paths {
		var values []any
		reach(document, path, func(value any) { values = append(values, value) })
		if values == nil {
			values = []any{types.Null}
		}
		ix.unordered = ix.unordered || slices.ContainsFunc(values, func(value any) bool { return !ordered(value) })
		longer := make([][]byte, 0, len(keys)*len(values))
		for _, key := range keys {
			for _, value := range values {
				longer = append(longer, appendKey(slices.Clip(key), value))
			}
		}
		keys = longer
	}
	texts := make([]string, len(keys))
	for i, key := range keys {
		if !ix.unique {
			key = binary.BigEndian.AppendUint64(key, uint64(id))
		}
		texts[i] = string(key)
	}
	if len(texts) > 1 {
		slices.Sort(texts)
		texts = slices.Compact(texts)
	}
	return texts
}

// holder returns the record that has one of the keys already, in a unique index.
func (ix *index) holder(keys []string, id int64) *record {
	if !ix.unique {
		return nil
	}
	for _, key := range keys {
		if other, ok := ix.records.Get(key); ok && other.id != id {
			return other
		}
	}
	return nil
}

func (ix *index) put(r *record, keys []string) {
	for _, key := range keys {
		ix.records.Set(key, r)
	}
	ix.multiple = ix.multiple || len(keys) > 1
}

func (ix *index) remove(keys []string) {
	for _, key := range keys {
		ix.records.Delete(key)
	}
}
