// Added to FerretDB's package `sqlite` when the stand-in is built; see "The indexes" in ../README.md.

package sqlite

import (
	"fmt"
	"strings"

	"github.com/FerretDB/FerretDB/internal/backends/sqlite/metadata"
	"github.com/FerretDB/FerretDB/internal/handler/sjson"
	"github.com/FerretDB/FerretDB/internal/types"
	"github.com/FerretDB/FerretDB/internal/util/iterator"
	"github.com/FerretDB/FerretDB/internal/util/must"
)

// where lets SQLite's indexes choose the candidates: the documents that may match the filter's equalities. FerretDB
// applies the whole filter to them afterwards, so what is not understood here is left out.
//
// The expressions have to be those of FerretDB's indexes, word for word. A condition on a field also holds for an
// array, whose JSON begins with `[`: one of its elements may be equal. An _id is never one.
func where(filter *types.Document) (string, []any) {
	var conditions []string
	var args []any
	for _, path := range filter.Keys() {
		values, ok := equals(must.NotFail(filter.Get(path)))
		if !ok || strings.HasPrefix(path, "$") {
			continue
		}
		column := metadata.DefaultColumn
		for _, field := range strings.Split(path, ".") {
			column += "->'" + strings.ReplaceAll(field, "'", "''") + "'"
		}
		condition := column + " IN (?" + strings.Repeat(", ?", len(values)-1) + ")"
		if path != "_id" {
			condition = fmt.Sprintf(`(%[1]s OR %[2]s >= '[' AND %[2]s < '\')`, condition, column)
		}
		conditions = append(conditions, condition)
		args = append(args, values...)
	}
	if len(conditions) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(conditions, " AND "), args
}

// equals answers the JSON of what a field must be equal to: one value, or one of those of `{$in: [...]}`.
func equals(condition any) ([]any, bool) {
	wanted := []any{condition}
	if operators, ok := condition.(*types.Document); ok && operators.Len() == 1 && operators.Has("$in") {
		in, ok := must.NotFail(operators.Get("$in")).(*types.Array)
		if !ok {
			return nil, false
		}
		wanted = must.NotFail(iterator.ConsumeValues(in.Iterator()))
	}
	values := make([]any, len(wanted))
	for i, value := range wanted {
		switch value.(type) {
		case string, types.ObjectID, bool:
			values[i] = string(must.NotFail(sjson.MarshalSingleValue(value)))
		default:
			return nil, false
		}
	}
	return values, len(values) > 0
}
