// Added to FerretDB's package `sqlite` when the stand-in is built; see "The indexes" in ../README.md.

package sqlite

import (
	"fmt"
	"slices"
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
// array, whose JSON begins with `[`: one of its elements may be equal. An _id is never one. A condition on a path may
// also hold where one of the fields before the last is an array; SQLite finds nothing at such a path, which is in the
// index, too.
func where(filter *types.Document) (string, []any) {
	var conditions []string
	var args []any
	for _, path := range filter.Keys() {
		wanted := equals(must.NotFail(filter.Get(path)))
		fields := strings.Split(path, ".")
		if wanted != nil && !slices.ContainsFunc(fields, isNoName) {
			conditions = append(conditions, mayEqual(fields, len(wanted)))
			args = append(args, wanted...)
		}
	}
	if len(conditions) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(conditions, " AND "), args
}

// maxValues of one `$in`: SQLite has room for 32,766 in a whole statement.
const maxValues = 1000

// equals answers the JSON of what a field must be equal to: one value, or one of those of `{$in: [...]}`; nil for any
// other condition.
func equals(condition any) []any {
	values := []any{condition}
	if operators, ok := condition.(*types.Document); ok && operators.Len() == 1 && operators.Has("$in") {
		in, ok := must.NotFail(operators.Get("$in")).(*types.Array)
		if !ok {
			return nil
		}
		values = must.NotFail(iterator.ConsumeValues(in.Iterator()))
	}
	if len(values) > maxValues {
		return nil
	}
	var wanted []any
	for _, value := range values {
		switch value.(type) {
		case string, types.ObjectID, bool:
			wanted = append(wanted, string(must.NotFail(sjson.MarshalSingleValue(value))))
		default:
			return nil
		}
	}
	return wanted
}

// isNoName tells what SQLite takes for a path or refuses, and operators.
func isNoName(field string) bool {
	return field == "" || strings.ContainsAny(field, `$["`)
}

func mayEqual(fields []string, values int) string {
	condition := at(fields) + " IN (?" + strings.Repeat(", ?", values-1) + ")"
	if len(fields) == 1 && fields[0] == "_id" {
		return condition
	}
	condition += " OR " + isArray(at(fields))
	var before []string
	for last := 1; last < len(fields); last++ {
		before = append(before, isArray(at(fields[:last])))
	}
	if before != nil {
		condition += " OR " + at(fields) + " IS NULL AND (" + strings.Join(before, " OR ") + ")"
	}
	return "(" + condition + ")"
}

func at(fields []string) string {
	expression := metadata.DefaultColumn
	for _, field := range fields {
		expression += "->'" + strings.ReplaceAll(field, "'", "''") + "'"
	}
	return expression
}

func isArray(expression string) string {
	return fmt.Sprintf(`%[1]s >= '[' AND %[1]s < '\'`, expression)
}
