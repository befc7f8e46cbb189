// Added to FerretDB's package `sqlite` when the stand-in is built; see "The indexes" in ../README.md.

package sqlite

import (
	"fmt"
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
// array, whose JSON begins with `[`: one of its elements may be equal. An _id is never one.
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
		if strings.HasPrefix(path, "$") {
			continue
		}
		column := metadata.DefaultColumn
		for _, field := range strings.Split(path, ".") {
			column += "->'" + strings.ReplaceAll(field, "'", "''") + "'"
		}
		condition := column + " = ?"
		if path != "_id" {
			condition = fmt.Sprintf(`(%[1]s = ? OR %[1]s >= '[' AND %[1]s < '\')`, column)
		}
		conditions = append(conditions, condition)
		args = append(args, string(must.NotFail(sjson.MarshalSingleValue(value))))
	}
	if len(conditions) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(conditions, " AND "), args
}
