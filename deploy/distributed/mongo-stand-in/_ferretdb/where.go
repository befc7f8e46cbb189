// Added to FerretDB's package `sqlite` when the stand-in is built; see "The indexes" in ../README.md.

package sqlite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/FerretDB/FerretDB/internal/backends/sqlite/metadata"
	"github.com/FerretDB/FerretDB/internal/handler/sjson"
	"github.com/FerretDB/FerretDB/internal/types"
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
		value := must.NotFail(filter.Get(path))
		switch value.(type) {
		case string, types.ObjectID, bool:
		default:
			continue
		}
		fields := strings.Split(path, ".")
		if !slices.ContainsFunc(fields, isNoName) {
			conditions = append(conditions, mayEqual(fields))
			args = append(args, string(must.NotFail(sjson.MarshalSingleValue(value))))
		}
	}
	if len(conditions) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(conditions, " AND "), args
}

// isNoName tells what SQLite takes for a path or refuses, and operators.
func isNoName(field string) bool {
	return field == "" || strings.ContainsAny(field, `$["`)
}

func mayEqual(fields []string) string {
	if len(fields) == 1 && fields[0] == "_id" {
		return at(fields) + " = ?"
	}
	condition := at(fields) + " = ? OR " + isArray(at(fields))
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
