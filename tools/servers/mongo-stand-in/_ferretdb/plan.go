package standin

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/FerretDB/FerretDB/internal/types"
	"github.com/FerretDB/FerretDB/internal/util/iterator"
	"github.com/FerretDB/FerretDB/internal/util/must"
)

// plan lets an index choose the candidates: documents that may match the filter. FerretDB applies the whole filter to them afterwards, so a
// condition that is not understood here is left out.
type plan struct {
	index *index
	// The keys of the candidates begin with one of these.
	prefixes []string
	// One bound of the field that follows, or the empty string: from it on, or up to it.
	from, to string
	// How many of the index's fields the prefixes know.
	known int
	score int
}

// maxPrefixes of one plan.
const maxPrefixes = 1000

// planFor is nil where all documents are candidates.
func planFor(indexes []*index, filter *types.Document) *plan {
	if filter.Len() == 0 {
		return nil
	}
	var best *plan
	for _, ix := range indexes {
		p := planWith(ix, filter)
		if p.score > 0 && (best == nil || p.score > best.score) {
			best = p
		}
	}
	return best
}

func planWith(ix *index, filter *types.Document) *plan {
	p := &plan{index: ix, prefixes: []string{""}}
	for _, path := range ix.paths {
		condition, err := filter.Get(strings.Join(path, "."))
		if err != nil {
			return p
		}
		values := equalities(condition)
		if values == nil {
			p.from, p.to = bound(condition)
			if p.from != "" || p.to != "" {
				p.score++
			}
			return p
		}
		if len(values)*len(p.prefixes) > maxPrefixes {
			return p
		}
		longer := make([]string, 0, len(values)*len(p.prefixes))
		for _, prefix := range p.prefixes {
			for _, value := range values {
				longer = append(longer, string(appendKey([]byte(prefix), value)))
			}
		}
		slices.Sort(longer)
		p.prefixes = slices.Compact(longer)
		p.known++
		p.score += 2
	}
	p.score++ // all fields of an index are known
	return p
}

// equalities returns what a field must be equal to: one value, or one of those of `$in`; nil for any other condition.
func equalities(condition any) []any {
	operators, ok := condition.(*types.Document)
	if !ok {
		return comparable([]any{condition})
	}
	if value, err := operators.Get("$eq"); err == nil {
		return comparable([]any{value})
	}
	if in, err := operators.Get("$in"); err == nil {
		if array, ok := in.(*types.Array); ok {
			return comparable(must.NotFail(iterator.ConsumeValues(array.Iterator())))
		}
	}
	return nil
}

// comparable returns the values if each is equal to itself alone, whatever FerretDB's rules are: no null, no pattern, no document.
func comparable(values []any) []any {
	for _, value := range values {
		switch value := value.(type) {
		case string, types.ObjectID, bool, int32, int64, time.Time:
		case float64:
			if math.IsNaN(value) {
				return nil
			}
		default:
			return nil
		}
	}
	return values
}

// bound returns one bound of a field. Only one: two may be met by two elements of an array.
func bound(condition any) (from, to string) {
	operators, ok := condition.(*types.Document)
	if !ok {
		return "", ""
	}
	for _, operator := range []string{"$gt", "$gte", "$lt", "$lte"} {
		value, err := operators.Get(operator)
		if err != nil || comparable([]any{value}) == nil {
			continue
		}
		key := string(appendKey(nil, value))
		if strings.HasPrefix(operator, "$g") {
			return key, ""
		}
		return "", key
	}
	return "", ""
}

// records returns the candidates, each once, in the order in which they were inserted.
func (p *plan) records() []*record {
	found := p.inOrder()
	if len(found) > 1 {
		slices.SortFunc(found, func(a, b *record) int { return cmp.Compare(a.id, b.id) })
		if p.index.multiple {
			found = slices.Compact(found)
		}
	}
	return found
}

// inOrder returns the candidates in the order of the index.
func (p *plan) inOrder() []*record {
	var found []*record
	take := func(start string, goesOn func(key string) bool) {
		p.index.records.Ascend(start, func(key string, r *record) bool {
			if !goesOn(key) {
				return false
			}
			found = append(found, r)
			return true
		})
	}
	for _, prefix := range p.prefixes {
		switch {
		case p.from != "":
			take(prefix+p.from, func(key string) bool { return sameKind(key, prefix, p.from) })
		case p.to != "":
			// Equal keys have the document's number after them.
			take(prefix+p.to[:1], func(key string) bool {
				return sameKind(key, prefix, p.to) && key[:min(len(key), len(prefix)+len(p.to))] <= prefix+p.to
			})
		default:
			take(prefix, func(key string) bool { return strings.HasPrefix(key, prefix) })
		}
	}
	return found
}

// sorted returns the candidates as the sort orders them. False where the index has another order; nil is the plan of all documents.
func (p *plan) sorted(indexes []*index, sort *types.Document) ([]*record, bool) {
	if p != nil {
		if len(p.prefixes) != 1 || !p.index.orders(p.known, sort) {
			return nil, false
		}
	} else {
		at := slices.IndexFunc(indexes, func(ix *index) bool { return ix.orders(0, sort) })
		if at < 0 {
			return nil, false
		}
		p = &plan{index: indexes[at], prefixes: []string{""}}
	}
	found := p.inOrder()
	if must.NotFail(sort.Get(sort.Keys()[0])) == int64(-1) {
		slices.Reverse(found)
	}
	return found, true
}

// orders says whether the sort is by the fields that follow the known ones, all up or all down.
func (ix *index) orders(known int, sort *types.Document) bool {
	if ix.multiple || ix.unordered || sort.Len() == 0 || known+sort.Len() > len(ix.paths) {
		return false
	}
	direction := must.NotFail(sort.Get(sort.Keys()[0]))
	for i, field := range sort.Keys() {
		if strings.Join(ix.paths[known+i], ".") != field || must.NotFail(sort.Get(field)) != direction {
			return false
		}
	}
	return true
}

// sameKind says whether the key goes on after the prefix with a value of the bound's kind.
func sameKind(key, prefix, bound string) bool {
	return len(key) > len(prefix) && strings.HasPrefix(key, prefix) && key[len(prefix)] == bound[0]
}

// String is what `explain` says, in MongoDB's words.
func (p *plan) String() string {
	if p == nil {
		return "COLLSCAN"
	}
	return "IXSCAN " + p.index.name
}
