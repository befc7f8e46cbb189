package standin

import (
	"bufio"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/FerretDB/wire/wirebson"
	"github.com/tidwall/btree"

	"github.com/FerretDB/FerretDB/internal/backends"
	"github.com/FerretDB/FerretDB/internal/bson"
	"github.com/FerretDB/FerretDB/internal/types"
)

// store knows where each document is in the journal. Memory has the documents' places and the keys of the indexes, no documents.
type store struct {
	mu        sync.RWMutex // guards all below
	journal   *journal
	databases map[string]map[string]*collection
	lastID    uint64
	live      int64 // bytes of the entries that still count
}

type collection struct {
	definition
	id      uint64
	indexes []*index
	records btree.Map[int64, *record] // by number, which grows with each insert
	bytes   int64                     // of the documents
}

// definition is what the journal keeps of a collection.
type definition struct {
	Database        string
	Name            string
	UUID            string
	CappedSize      int64 `json:",omitempty"`
	CappedDocuments int64 `json:",omitempty"`
	Indexes         []backends.IndexInfo
}

// record is one state of a document. A change makes a new record, so that a reader keeps what it has found.
type record struct {
	id   int64
	at   place      // changes when the journal is written anew
	keys [][]string // by index
}

// A journal is written anew when it is larger than this and three times as large as what still counts.
const smallestToRewrite = 32 << 20

func openStore(dir string) (*store, error) {
	s := &store{databases: map[string]map[string]*collection{}}
	byID := map[uint64]*collection{}
	var err error
	s.journal, err = openJournal(dir, func(what kind, collectionID uint64, documentID int64, at place) error {
		s.lastID = max(s.lastID, collectionID)
		c := byID[collectionID]
		switch what {
		case definesCollection:
			if c == nil {
				c = &collection{id: collectionID}
				byID[collectionID] = c
			}
			content, err := at.read()
			if err != nil {
				return err
			}
			c.definition = definition{}
			return json.Unmarshal(content, &c.definition)
		case dropsCollection:
			delete(byID, collectionID)
		case putsDocument:
			c.records.Set(documentID, &record{id: documentID, at: at})
		case deletesDocument:
			c.records.Delete(documentID)
		default:
			return fmt.Errorf("the journal has an entry of kind %q", what)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, c := range byID {
		if err := s.load(c); err != nil {
			return nil, err
		}
	}
	return s, s.rewriteIfLarge()
}

// load adds a collection of the journal with its indexes.
func (s *store) load(c *collection) error {
	for _, info := range c.Indexes {
		c.indexes = append(c.indexes, newIndex(info))
	}
	s.add(c)
	var err error
	c.records.Scan(func(_ int64, r *record) bool {
		var document *types.Document
		if document, err = r.document(r.at); err == nil {
			r.keys = c.keysOf(document, r.id)
			c.replace(nil, r)
			s.count(c, nil, r)
		}
		return err == nil
	})
	return err
}

func (s *store) add(c *collection) {
	if s.databases[c.Database] == nil {
		s.databases[c.Database] = map[string]*collection{}
	}
	s.databases[c.Database][c.Name] = c
}

// forget leaves no database without a collection.
func (s *store) forget(c *collection) {
	delete(s.databases[c.Database], c.Name)
	if len(s.databases[c.Database]) == 0 {
		delete(s.databases, c.Database)
	}
}

// document reads what the record was found with.
func (r *record) document(at place) (*types.Document, error) {
	content, err := at.read()
	if err != nil {
		return nil, err
	}
	document, err := bson.ToDocument(wirebson.RawDocument(content))
	if err != nil {
		return nil, err
	}
	document.SetRecordID(r.id)
	return document, nil
}

func (c *collection) keysOf(document *types.Document, id int64) [][]string {
	keys := make([][]string, len(c.indexes))
	for i, ix := range c.indexes {
		keys[i] = ix.keysOf(document, id)
	}
	return keys
}

// conflict returns the unique index that refuses the record.
func (c *collection) conflict(r *record) *index {
	for i, ix := range c.indexes {
		if ix.holder(r.keys[i], r.id) != nil {
			return ix
		}
	}
	return nil
}

// replace takes a document's state out and puts another in; either may be nil.
func (c *collection) replace(before, after *record) {
	for i, ix := range c.indexes {
		if before != nil && (after == nil || !slices.Equal(before.keys[i], after.keys[i])) {
			ix.remove(before.keys[i])
		}
		if after != nil {
			ix.put(after, after.keys[i])
		}
	}
	if after != nil {
		c.records.Set(after.id, after)
	} else if before != nil {
		c.records.Delete(before.id)
	}
}

// change is a step of a write that can be undone.
type change struct{ before, after *record }

// count keeps what the store and the collection hold in step with a change.
func (s *store) count(c *collection, before, after *record) {
	if before != nil {
		c.bytes -= int64(before.at.length)
		s.live -= int64(headBytes + before.at.length)
	}
	if after != nil {
		c.bytes += int64(after.at.length)
		s.live += int64(headBytes + after.at.length)
	}
}

// commit writes what the indexes have taken already. If it cannot, nothing has changed.
func (s *store) commit(c *collection, e *entries, changes []change) error {
	start, err := s.journal.append(e)
	if err != nil {
		c.undo(changes)
		return err
	}
	for _, change := range changes {
		if change.after != nil {
			change.after.at.file = start.file
			change.after.at.offset += start.offset // it was counted from the first entry
		}
		s.count(c, change.before, change.after)
	}
	return s.rewriteIfLarge()
}

func (c *collection) undo(changes []change) {
	for i := len(changes) - 1; i >= 0; i-- {
		c.replace(changes[i].after, changes[i].before)
	}
}

// define writes the definition of a collection.
func (s *store) define(id uint64, d definition) error {
	var e entries
	content, err := json.Marshal(d)
	if err != nil {
		return err
	}
	e.add(definesCollection, id, 0, content)
	_, err = s.journal.append(&e)
	return err
}

// rewriteIfLarge leaves what no longer counts behind. Readers of the old file keep it open.
func (s *store) rewriteIfLarge() error {
	if s.journal.size < smallestToRewrite || s.journal.size < 3*s.live {
		return nil
	}
	places := map[*record]place{}
	var offset int64
	err := s.journal.replace(func(to *bufio.Writer) error {
		for _, database := range s.databases {
			for _, c := range database {
				var e entries
				content, err := json.Marshal(c.definition)
				if err != nil {
					return err
				}
				e.add(definesCollection, c.id, 0, content)
				c.records.Scan(func(id int64, r *record) bool {
					if content, err = r.at.read(); err != nil {
						return false
					}
					start := e.add(putsDocument, c.id, id, content)
					places[r] = place{offset: offset + int64(start), length: r.at.length}
					if len(e.bytes) > 1<<20 {
						offset += int64(len(e.bytes))
						_, err = to.Write(e.bytes)
						e.bytes = e.bytes[:0]
					}
					return err == nil
				})
				if err != nil {
					return err
				}
				offset += int64(len(e.bytes))
				if _, err := to.Write(e.bytes); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for r, at := range places {
		at.file = s.journal.file
		r.at = at
	}
	return nil
}
