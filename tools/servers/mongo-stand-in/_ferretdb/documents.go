package standin

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/FerretDB/FerretDB/internal/backends"
	"github.com/FerretDB/FerretDB/internal/bson"
	"github.com/FerretDB/FerretDB/internal/handler/handlererrors"
	"github.com/FerretDB/FerretDB/internal/types"
	"github.com/FerretDB/FerretDB/internal/util/iterator"
	"github.com/FerretDB/FerretDB/internal/util/must"
)

// documents is FerretDB's view of a collection, which need not be there.
type documents struct {
	*store
	database string
	name     string
}

// collection is nil where there is none.
func (d documents) collection() *collection { return d.databases[d.database][d.name] }

func (d documents) Query(ctx context.Context, params *backends.QueryParams) (*backends.QueryResult, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	found := &found{ctx: ctx, documents: d, filter: params.Filter, onlyNumbers: params.OnlyRecordIDs}
	c := d.collection()
	if c == nil {
		return &backends.QueryResult{Iter: found}, nil
	}
	if plan := planFor(c.indexes, params.Filter); plan != nil {
		found.records = plan.records()
	} else {
		found.records = c.records.Values()
	}
	if params.Sort.Len() > 0 && must.NotFail(params.Sort.Get("$natural")) == int64(-1) {
		slices.Reverse(found.records)
	}
	if params.Limit > 0 && params.Limit < int64(len(found.records)) {
		found.records = found.records[:params.Limit]
	}
	return &backends.QueryResult{Iter: found}, nil
}

// found reads the documents of a query one after the other, as they were when it was asked.
type found struct {
	ctx         context.Context
	documents   documents
	filter      *types.Document
	records     []*record
	onlyNumbers bool
}

func (f *found) Next() (struct{}, *types.Document, error) {
	var nothing struct{}
	if err := context.Cause(f.ctx); err != nil {
		return nothing, nil, err
	}
	if len(f.records) == 0 {
		return nothing, nil, iterator.ErrIteratorDone
	}
	next := f.records[0]
	f.records = f.records[1:]
	if f.onlyNumbers {
		document := must.NotFail(types.NewDocument())
		document.SetRecordID(next.id)
		return nothing, document, nil
	}
	f.documents.mu.RLock()
	at := next.at
	f.documents.mu.RUnlock()
	document, err := next.document(at)
	return nothing, document, err
}

// SortedBy has the documents come in the order of a sort, where an index has it: FerretDB reads all of them otherwise, to sort them.
func (f *found) SortedBy(sort *types.Document) bool {
	f.documents.mu.RLock()
	defer f.documents.mu.RUnlock()
	c := f.documents.collection()
	if c == nil || sort.Len() == 0 {
		return false
	}
	records, sorted := planFor(c.indexes, f.filter).sorted(c.indexes, sort)
	if sorted {
		f.records = records
	}
	return sorted
}

func (f *found) Close() { f.records = nil }

func (d documents) Explain(_ context.Context, params *backends.ExplainParams) (*backends.ExplainResult, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	c := d.collection()
	if c == nil {
		return &backends.ExplainResult{QueryPlanner: must.NotFail(types.NewDocument())}, nil
	}
	plan := planFor(c.indexes, params.Filter)
	return &backends.ExplainResult{
		QueryPlanner:   must.NotFail(types.NewDocument("Plan", plan.String())),
		FilterPushdown: plan != nil,
		SortPushdown:   params.Sort.Len() > 0,
		LimitPushdown:  params.Limit > 0,
	}, nil
}

// InsertAll inserts all documents or none.
func (d documents) InsertAll(_ context.Context, params *backends.InsertAllParams) (*backends.InsertAllResult, error) {
	contents := make([][]byte, len(params.Docs))
	for i, document := range params.Docs {
		contents[i] = encoded(document)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.collection()
	if c == nil {
		var err error
		if c, err = d.create(definition{Database: d.database, Name: d.name}); err != nil {
			return nil, err
		}
	}
	var e entries
	changes := make([]change, 0, len(contents))
	for i, document := range params.Docs {
		r := c.next(&e, c.numberFor(document), document, contents[i])
		if ix := c.conflict(r); ix != nil {
			c.undo(changes)
			return nil, backends.NewError(backends.ErrorCodeInsertDuplicateID, fmt.Errorf("index %s", ix.name))
		}
		c.replace(nil, r)
		changes = append(changes, change{nil, r})
	}
	return new(backends.InsertAllResult), d.commit(c, &e, changes)
}

// numberFor a new document is FerretDB's, which counts within a second and begins anew with each process, or the next after the last one.
func (c *collection) numberFor(document *types.Document) int64 {
	last, _, _ := c.records.Max()
	return max(document.RecordID(), last+1)
}

// next is a document's next state. Its place is counted from the first entry until it is committed.
func (c *collection) next(e *entries, id int64, document *types.Document, content []byte) *record {
	offset := e.add(putsDocument, c.id, id, content)
	return &record{id, place{offset: int64(offset), length: len(content)}, c.keysOf(document, id)}
}

func (d documents) UpdateAll(_ context.Context, params *backends.UpdateAllParams) (*backends.UpdateAllResult, error) {
	contents := make([][]byte, len(params.Docs))
	for i, document := range params.Docs {
		contents[i] = encoded(document)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	var result backends.UpdateAllResult
	c := d.collection()
	if c == nil {
		return &result, nil
	}
	var e entries
	var changes []change
	for i, document := range params.Docs {
		before := c.byID(must.NotFail(document.Get("_id")))
		if before == nil {
			continue
		}
		after := c.next(&e, before.id, document, contents[i])
		if ix := c.conflict(after); ix != nil {
			c.undo(changes)
			return nil, duplicate(c, ix)
		}
		c.replace(before, after)
		changes = append(changes, change{before, after})
	}
	result.Updated = int32(len(changes))
	return &result, d.commit(c, &e, changes)
}

// byID returns the record with an _id, or nil.
func (c *collection) byID(id any) *record {
	r, _ := c.indexes[0].records.Get(string(appendKey(nil, id)))
	return r
}

func (d documents) DeleteAll(_ context.Context, params *backends.DeleteAllParams) (*backends.DeleteAllResult, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var result backends.DeleteAllResult
	c := d.collection()
	if c == nil {
		return &result, nil
	}
	var e entries
	var changes []change
	remove := func(r *record) {
		if r != nil {
			e.add(deletesDocument, c.id, r.id, nil)
			c.replace(r, nil)
			changes = append(changes, change{r, nil})
		}
	}
	for _, id := range params.IDs {
		remove(c.byID(id))
	}
	for _, number := range params.RecordIDs {
		r, _ := c.records.Get(number)
		remove(r)
	}
	result.Deleted = int32(len(changes))
	return &result, d.commit(c, &e, changes)
}

func (d documents) Stats(context.Context, *backends.CollectionStatsParams) (*backends.CollectionStatsResult, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	c := d.collection()
	if c == nil {
		return nil, d.missing()
	}
	result := backends.CollectionStatsResult{
		CountDocuments: int64(c.records.Len()), SizeCollection: c.bytes, IndexSizes: c.indexSizes(),
	}
	for _, index := range result.IndexSizes {
		result.SizeIndexes += index.Size
	}
	result.SizeTotal = result.SizeCollection + result.SizeIndexes
	return &result, nil
}

// Compact does nothing: the journal is written anew by itself.
func (d documents) Compact(context.Context, *backends.CompactParams) (*backends.CompactResult, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.collection() == nil {
		return nil, d.missing()
	}
	return new(backends.CompactResult), nil
}

func (d documents) ListIndexes(context.Context, *backends.ListIndexesParams) (*backends.ListIndexesResult, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	c := d.collection()
	if c == nil {
		return nil, d.missing()
	}
	indexes := slices.Clone(c.Indexes)
	slices.SortFunc(indexes, func(a, b backends.IndexInfo) int { return strings.Compare(a.Name, b.Name) })
	return &backends.ListIndexesResult{Indexes: indexes}, nil
}

// CreateIndexes leaves indexes that are there as they are.
func (d documents) CreateIndexes(_ context.Context, params *backends.CreateIndexesParams) (*backends.CreateIndexesResult, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.collection()
	if c == nil {
		var err error
		if c, err = d.create(definition{Database: d.database, Name: d.name}); err != nil {
			return nil, err
		}
	}
	var infos []backends.IndexInfo
	for _, info := range params.Indexes {
		if !slices.ContainsFunc(c.Indexes, func(there backends.IndexInfo) bool { return there.Name == info.Name }) {
			infos = append(infos, info)
		}
	}
	return new(backends.CreateIndexesResult), d.index(c, append(slices.Clone(c.Indexes), infos...))
}

func (d documents) DropIndexes(_ context.Context, params *backends.DropIndexesParams) (*backends.DropIndexesResult, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	result := new(backends.DropIndexesResult)
	c := d.collection()
	if c == nil {
		return result, nil
	}
	return result, d.index(c, slices.DeleteFunc(slices.Clone(c.Indexes), func(info backends.IndexInfo) bool {
		return slices.Contains(params.Indexes, info.Name)
	}))
}

// index gives the collection other indexes, or leaves it as it is where a unique one is refused.
func (s *store) index(c *collection, infos []backends.IndexInfo) error {
	next := &collection{definition: c.definition, id: c.id, bytes: c.bytes}
	next.Indexes = infos
	for _, info := range infos {
		next.indexes = append(next.indexes, newIndex(info))
	}
	var err error
	c.records.Scan(func(_ int64, r *record) bool {
		var document *types.Document
		if document, err = r.document(r.at); err != nil {
			return false
		}
		indexed := &record{r.id, r.at, next.keysOf(document, r.id)}
		if ix := next.conflict(indexed); ix != nil {
			err = duplicate(c, ix)
			return false
		}
		next.replace(nil, indexed)
		return true
	})
	if err == nil {
		err = s.define(c.id, next.definition)
	}
	if err != nil {
		return err
	}
	s.add(next)
	return nil
}

func (d documents) missing() error {
	return backends.NewError(backends.ErrorCodeCollectionDoesNotExist, fmt.Errorf("no ns %s.%s", d.database, d.name))
}

// duplicate is MongoDB's refusal by a unique index.
func duplicate(c *collection, ix *index) error {
	text := fmt.Sprintf("E11000 duplicate key error collection: %s.%s index: %s", c.Database, c.Name, ix.name)
	return handlererrors.NewCommandErrorMsg(handlererrors.ErrDuplicateKeyInsert, text)
}

func encoded(document *types.Document) []byte {
	return must.NotFail(must.NotFail(bson.FromDocument(document)).Encode())
}
