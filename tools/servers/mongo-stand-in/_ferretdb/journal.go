package standin

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// kind is what one entry of the journal does.
type kind byte

const (
	definesCollection kind = 'c' // its JSON; a later one replaces it
	dropsCollection   kind = 'x'
	putsDocument      kind = 'p' // its BSON; a later one replaces it
	deletesDocument   kind = 'd'
)

// An entry is the length and the checksum of the rest, then kind, collection, document and the content.
const (
	framingBytes  = 4 + 4
	headBytes     = framingBytes + 1 + 8 + 8
	maxEntryBytes = 64 << 20
)

const (
	journalName = "documents.log"
	// syncAfter is how long an answered write may wait for the disk. It is the interval of MongoDB's journal.
	syncAfter = 100 * time.Millisecond
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// place is where a journal has the content of an entry. Its file stays open, even when the journal goes on in another.
type place struct {
	file   *os.File
	offset int64
	length int
}

func (p place) read() ([]byte, error) {
	content := make([]byte, p.length)
	_, err := p.file.ReadAt(content, p.offset)
	return content, err
}

// entries are appended together.
type entries struct{ bytes []byte }

// add returns where the content begins.
func (e *entries) add(what kind, collection uint64, document int64, content []byte) int {
	start := len(e.bytes)
	e.bytes = binary.LittleEndian.AppendUint32(e.bytes, uint32(headBytes-framingBytes+len(content)))
	e.bytes = append(e.bytes, 0, 0, 0, 0, byte(what))
	e.bytes = binary.LittleEndian.AppendUint64(e.bytes, collection)
	e.bytes = binary.LittleEndian.AppendUint64(e.bytes, uint64(document))
	e.bytes = append(e.bytes, content...)
	sum := crc32.Checksum(e.bytes[start+framingBytes:], castagnoli)
	binary.LittleEndian.PutUint32(e.bytes[start+4:], sum)
	return start + headBytes
}

// journal is an append-only file. What it has taken survives the end of this process. It survives the end of the machine when it is
// on the disk: 100 ms later, or after `sync`.
type journal struct {
	path string
	size int64 // guarded by the store's lock, as is appending

	state    sync.Mutex // guards the rest
	file     *os.File
	unsynced bool
	syncing  sync.Mutex // held while the disk works: those who wait share the next time
}

// openJournal hands every entry to take. What a crash of the machine left unfinished at its end is cut off.
func openJournal(dir string, take func(what kind, collection uint64, document int64, at place) error) (*journal, error) {
	path := filepath.Join(dir, journalName)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	j := &journal{path: path, file: file}
	reader := bufio.NewReaderSize(file, 1<<20)
	for {
		entry, err := readEntry(reader)
		if errors.Is(err, io.EOF) {
			return j, nil
		}
		if err != nil {
			slog.Error("the journal is cut off at an incomplete entry", "journal", path, "offset", j.size, "error", err)
			return j, file.Truncate(j.size)
		}
		document := int64(binary.LittleEndian.Uint64(entry[9:]))
		at := place{file, j.size + headBytes, len(entry) - (headBytes - framingBytes)}
		if err := take(kind(entry[0]), binary.LittleEndian.Uint64(entry[1:]), document, at); err != nil {
			return nil, err
		}
		j.size += int64(framingBytes + len(entry))
	}
}

// readEntry returns io.EOF at the end, and an entry without its length and checksum before.
func readEntry(from io.Reader) ([]byte, error) {
	var framing [framingBytes]byte
	if n, err := io.ReadFull(from, framing[:]); err != nil {
		if n == 0 {
			return nil, io.EOF
		}
		return nil, errors.New("it ends early")
	}
	size := binary.LittleEndian.Uint32(framing[:])
	if size < headBytes-framingBytes || size > maxEntryBytes {
		return nil, fmt.Errorf("it has %d bytes", size)
	}
	entry := make([]byte, size)
	if _, err := io.ReadFull(from, entry); err != nil {
		return nil, errors.New("it ends early")
	}
	if crc32.Checksum(entry, castagnoli) != binary.LittleEndian.Uint32(framing[4:]) {
		return nil, errors.New("it has another checksum")
	}
	return entry, nil
}

// append takes all entries or none, and returns where the first begins.
func (j *journal) append(e *entries) (place, error) {
	start := place{file: j.file, offset: j.size}
	if _, err := j.file.WriteAt(e.bytes, j.size); err != nil {
		return start, errors.Join(err, j.file.Truncate(j.size))
	}
	j.size += int64(len(e.bytes))
	j.state.Lock()
	defer j.state.Unlock()
	if !j.unsynced {
		j.unsynced = true
		time.AfterFunc(syncAfter, func() {
			if err := j.sync(); err != nil {
				slog.Error("the journal does not reach the disk", "journal", j.path, "error", err)
			}
		})
	}
	return start, nil
}

// sync returns when all that was appended before is on the disk.
func (j *journal) sync() error {
	j.syncing.Lock()
	defer j.syncing.Unlock()
	j.state.Lock()
	file, unsynced := j.file, j.unsynced
	j.unsynced = false
	j.state.Unlock()
	if !unsynced {
		return nil
	}
	return file.Sync()
}

// replace goes on in a new file with the given entries. A crash leaves the old file or the new one.
func (j *journal) replace(write func(*bufio.Writer) error) error {
	file, err := os.OpenFile(j.path+".new", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	writer := bufio.NewWriterSize(file, 1<<20)
	err = errors.Join(write(writer), writer.Flush(), file.Sync())
	if err == nil {
		err = os.Rename(j.path+".new", j.path)
	}
	if err != nil {
		return errors.Join(err, file.Close())
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	j.size = size
	j.state.Lock()
	defer j.state.Unlock()
	j.file = file
	return nil
}
