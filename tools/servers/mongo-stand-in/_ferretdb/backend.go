// Package standin is what a MongoDB stand-in needs beside FerretDB's commands: a place for the documents, and connections.
// It is added to FerretDB when the stand-in is built, because it uses FerretDB's internal packages.
package standin

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/FerretDB/FerretDB/internal/backends"
)

// backend is FerretDB's view of the store.
type backend struct{ *store }

func (b backend) Close() {}

func (b backend) Describe(chan<- *prometheus.Desc) {}

func (b backend) Collect(chan<- prometheus.Metric) {}

func (b backend) Status(context.Context, *backends.StatusParams) (*backends.StatusResult, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var result backends.StatusResult
	for _, database := range b.databases {
		for _, c := range database {
			result.CountCollections++
			if c.CappedSize > 0 {
				result.CountCappedCollections++
			}
		}
	}
	return &result, nil
}

func (b backend) Database(name string) (backends.Database, error) {
	return backends.DatabaseContract(database{b.store, name}), nil
}

func (b backend) ListDatabases(_ context.Context, params *backends.ListDatabasesParams) (*backends.ListDatabasesResult, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var result backends.ListDatabasesResult
	for name := range b.databases {
		if params == nil || params.Name == "" || params.Name == name {
			result.Databases = append(result.Databases, backends.DatabaseInfo{Name: name})
		}
	}
	slices.SortFunc(result.Databases, func(a, b backends.DatabaseInfo) int { return cmp.Compare(a.Name, b.Name) })
	return &result, nil
}

func (b backend) DropDatabase(_ context.Context, params *backends.DropDatabaseParams) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.databases[params.Name] == nil {
		return backends.NewError(backends.ErrorCodeDatabaseDoesNotExist, nil)
	}
	var collections []*collection
	for _, c := range b.databases[params.Name] {
		collections = append(collections, c)
	}
	return b.drop(collections...)
}

type database struct {
	*store
	name string
}

func (d database) Collection(name string) (backends.Collection, error) {
	return backends.CollectionContract(documents{d.store, d.name, name}), nil
}

func (d database) ListCollections(_ context.Context, params *backends.ListCollectionsParams) (*backends.ListCollectionsResult, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var result backends.ListCollectionsResult
	add := func(c *collection) {
		result.Collections = append(result.Collections, backends.CollectionInfo{
			Name: c.Name, UUID: c.UUID, CappedSize: c.CappedSize, CappedDocuments: c.CappedDocuments,
		})
	}
	if params != nil && params.Name != "" {
		if c := d.databases[d.name][params.Name]; c != nil {
			add(c)
		}
		return &result, nil
	}
	for _, c := range d.databases[d.name] {
		add(c)
	}
	slices.SortFunc(result.Collections, func(a, b backends.CollectionInfo) int { return cmp.Compare(a.Name, b.Name) })
	return &result, nil
}

func (d database) CreateCollection(_ context.Context, params *backends.CreateCollectionParams) error {
	d.mu.RLock()
	there := d.databases[d.name][params.Name]
	d.mu.RUnlock()
	if there != nil {
		return backends.NewError(backends.ErrorCodeCollectionAlreadyExists, nil)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.databases[d.name][params.Name] != nil {
		return backends.NewError(backends.ErrorCodeCollectionAlreadyExists, nil)
	}
	_, err := d.create(definition{
		Database: d.name, Name: params.Name, CappedSize: params.CappedSize, CappedDocuments: params.CappedDocuments,
	})
	return err
}

func (d database) DropCollection(_ context.Context, params *backends.DropCollectionParams) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.databases[d.name][params.Name]
	if c == nil {
		return backends.NewError(backends.ErrorCodeCollectionDoesNotExist, nil)
	}
	return d.drop(c)
}

func (d database) RenameCollection(_ context.Context, params *backends.RenameCollectionParams) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.databases[d.name][params.OldName]
	if c == nil {
		return backends.NewError(backends.ErrorCodeCollectionDoesNotExist, nil)
	}
	if d.databases[d.name][params.NewName] != nil {
		return backends.NewError(backends.ErrorCodeCollectionAlreadyExists, nil)
	}
	renamed := c.definition
	renamed.Name = params.NewName
	if err := d.define(c.id, renamed); err != nil {
		return err
	}
	d.forget(c)
	c.definition = renamed
	d.add(c)
	return nil
}

func (d database) Stats(context.Context, *backends.DatabaseStatsParams) (*backends.DatabaseStatsResult, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	collections := d.databases[d.name]
	if collections == nil {
		return nil, backends.NewError(backends.ErrorCodeDatabaseDoesNotExist, nil)
	}
	var result backends.DatabaseStatsResult
	for _, c := range collections {
		result.CountDocuments += int64(c.records.Len())
		result.SizeCollections += c.bytes
		for _, size := range c.indexSizes() {
			result.SizeIndexes += size.Size
		}
	}
	result.SizeTotal = result.SizeCollections + result.SizeIndexes
	return &result, nil
}

// create makes a collection with its index of _id.
func (s *store) create(d definition) (*collection, error) {
	d.UUID = uuid.NewString()
	d.Indexes = []backends.IndexInfo{{
		Name: backends.DefaultIndexName, Key: []backends.IndexKeyPair{{Field: "_id"}}, Unique: true,
	}}
	c := &collection{definition: d, id: s.lastID + 1, indexes: []*index{newIndex(d.Indexes[0])}}
	if err := s.define(c.id, d); err != nil {
		return nil, err
	}
	s.lastID++
	s.add(c)
	return c, nil
}

func (s *store) drop(collections ...*collection) error {
	var e entries
	for _, c := range collections {
		e.add(dropsCollection, c.id, 0, nil)
	}
	if _, err := s.journal.append(&e); err != nil {
		return err
	}
	for _, c := range collections {
		s.live -= c.bytes + int64(headBytes*c.records.Len())
		s.forget(c)
	}
	return s.rewriteIfLarge()
}

func (c *collection) indexSizes() []backends.IndexSize {
	sizes := make([]backends.IndexSize, len(c.indexes))
	for i, ix := range c.indexes {
		sizes[i].Name = ix.name
		ix.records.Scan(func(key string, _ *record) bool {
			sizes[i].Size += int64(len(key))
			return true
		})
	}
	return sizes
}
