package standin

import (
	"bytes"
	"encoding/binary"
	"math"
	"strconv"
	"time"

	"github.com/FerretDB/FerretDB/internal/bson"
	"github.com/FerretDB/FerretDB/internal/types"
	"github.com/FerretDB/FerretDB/internal/util/must"
)

// The first byte of a key. Kinds are ordered as MongoDB orders them, and so are the values of a kind that is `ordered`.
const (
	keyNull      = 0x10
	keyNumber    = 0x20
	keyString    = 0x30
	keyDocument  = 0x40
	keyArray     = 0x50
	keyBinary    = 0x60
	keyObjectID  = 0x70
	keyBool      = 0x80
	keyDate      = 0x90
	keyTimestamp = 0xa0
	keyRegex     = 0xb0
)

// appendKey writes a value such that equal values, and only those, have equal keys, and no key begins with another.
func appendKey(key []byte, value any) []byte {
	switch value := value.(type) {
	case float64:
		return appendNumber(key, value, 0)
	case int32:
		return appendNumber(key, float64(value), 0)
	case int64:
		return appendLong(key, value)
	case string:
		return appendBytes(append(key, keyString), []byte(value))
	case *types.Document:
		return appendBytes(append(key, keyDocument), must.NotFail(must.NotFail(bson.FromDocument(value)).Encode()))
	case *types.Array:
		return appendBytes(append(key, keyArray), must.NotFail(must.NotFail(bson.FromArray(value)).Encode()))
	case types.Binary:
		return appendBytes(append(key, keyBinary, byte(value.Subtype)), value.B)
	case types.ObjectID:
		return append(append(key, keyObjectID), value[:]...)
	case bool:
		if value {
			return append(key, keyBool, 1)
		}
		return append(key, keyBool, 0)
	case time.Time:
		return appendInteger(append(key, keyDate), value.UnixMilli())
	case types.Timestamp:
		return binary.BigEndian.AppendUint64(append(key, keyTimestamp), uint64(value))
	case types.Regex:
		return appendBytes(appendBytes(append(key, keyRegex), []byte(value.Pattern)), []byte(value.Options))
	}
	return append(key, keyNull)
}

// ordered says whether the keys of values of this kind are in MongoDB's order.
func ordered(value any) bool {
	switch value.(type) {
	case *types.Document, *types.Array, types.Binary, types.Regex:
		return false
	}
	return true
}

// appendLong adds to the nearest float64 by how much it differs: beyond 2^53 not every integer is a float64.
func appendLong(key []byte, value int64) []byte {
	near := float64(value)
	if near >= math.MaxInt64 { // 2^63, which is no int64
		return appendNumber(key, near, int16(value-math.MaxInt64-1))
	}
	return appendNumber(key, near, int16(value-int64(near)))
}

func appendNumber(key []byte, value float64, more int16) []byte {
	bits := math.Float64bits(value)
	switch {
	case math.IsNaN(value):
		bits = 0 // before all others
	case value == 0:
		bits = 1 << 63 // -0 as well
	case value > 0:
		bits |= 1 << 63
	default:
		bits = ^bits
	}
	key = binary.BigEndian.AppendUint64(append(key, keyNumber), bits)
	return binary.BigEndian.AppendUint16(key, uint16(more)^1<<15)
}

func appendInteger(key []byte, value int64) []byte {
	return binary.BigEndian.AppendUint64(key, uint64(value)^1<<63)
}

// appendBytes ends what is of any length with two zeros; a zero in it is followed by 0xff.
func appendBytes(key, value []byte) []byte {
	if bytes.IndexByte(value, 0) >= 0 {
		value = bytes.ReplaceAll(value, []byte{0}, []byte{0, 0xff})
	}
	return append(append(key, value...), 0, 0)
}

// reach finds all that a filter on a path may compare with: it looks into arrays on the way, by position as well, and
// into one at the end.
func reach(value any, path []string, found func(any)) {
	array, isArray := value.(*types.Array)
	if len(path) == 0 {
		found(value)
		if isArray {
			for i := range array.Len() {
				found(must.NotFail(array.Get(i)))
			}
		}
		return
	}
	if document, ok := value.(*types.Document); ok {
		if field, err := document.Get(path[0]); err == nil {
			reach(field, path[1:], found)
		}
		return
	}
	if !isArray {
		return
	}
	for i := range array.Len() {
		if document, ok := must.NotFail(array.Get(i)).(*types.Document); ok {
			reach(document, path, found)
		}
	}
	if at, err := strconv.Atoi(path[0]); err == nil && at >= 0 && at < array.Len() {
		reach(must.NotFail(array.Get(at)), path[1:], found)
	}
}
