package main

import (
	"bytes"
	"encoding/binary"
	"testing"
)

func anOpMsg(flags uint32, sections ...[]byte) message {
	m := make(message, headerBytes+4)
	binary.LittleEndian.PutUint32(m[12:], opMsg)
	binary.LittleEndian.PutUint32(m[headerBytes:], flags)
	for _, section := range sections {
		m = append(m, section...)
	}
	if flags&flagChecksum != 0 {
		m = append(m, 1, 2, 3, 4)
	}
	binary.LittleEndian.PutUint32(m, uint32(len(m)))
	return m
}

// aBody is a section of kind 0: a document of one int32 element.
func aBody(command string) []byte {
	document := append([]byte{0, 0, 0, 0, 0x10}, command...)
	document = append(document, 0, 1, 0, 0, 0, 0)
	binary.LittleEndian.PutUint32(document, uint32(len(document)))
	return append([]byte{0}, document...)
}

// aSequence is a section of kind 1 whose first document could be taken for a command.
func aSequence() []byte {
	section := append([]byte{0, 0, 0, 0}, "documents\x00"...)
	section = append(section, aBody("find")[1:]...)
	binary.LittleEndian.PutUint32(section, uint32(len(section)))
	return append([]byte{1}, section...)
}

func TestCommand(t *testing.T) {
	opQuery := anOpMsg(0, aBody("update"))
	binary.LittleEndian.PutUint32(opQuery[12:], 2004)
	beyondItsEnd := aSequence()
	beyondItsEnd[1] = 0xff
	for title, expected := range map[string]struct {
		message message
		command string
	}{
		"the body alone":                 {anOpMsg(0, aBody("update")), "update"},
		"documents after the body":       {anOpMsg(0, aBody("insert"), aSequence()), "insert"},
		"documents before the body":      {anOpMsg(0, aSequence(), aBody("insert")), "insert"},
		"a checksum":                     {anOpMsg(flagChecksum, aSequence(), aBody("delete")), "delete"},
		"no OP_MSG":                      {opQuery, ""},
		"no section":                     {anOpMsg(0), ""},
		"only a checksum":                {anOpMsg(flagChecksum), ""},
		"a section longer than the rest": {anOpMsg(0, beyondItsEnd), ""},
		"a name without end":             {anOpMsg(0, []byte{0, 9, 0, 0, 0, 0x10, 'u', 'p'}), ""},
	} {
		if command := expected.message.command(); command != expected.command {
			t.Errorf("%s: %q, not %q", title, command, expected.command)
		}
	}
}

func TestAsksForLock(t *testing.T) {
	flag := func(command string, lock byte) []byte {
		document := append([]byte{0, 0, 0, 0, 0x10}, command...)
		document = append(document, 0, 1, 0, 0, 0)
		document = append(document, "\x08lock\x00"...)
		return append([]byte{0}, append(document, lock, 0)...)
	}
	if !anOpMsg(0, flag("fsync", 1)).asksForLock() {
		t.Error("the lock is overlooked")
	}
	for _, body := range [][]byte{flag("fsync", 0), flag("find", 1), aBody("fsync")} {
		if anOpMsg(0, body).asksForLock() {
			t.Errorf("a lock is seen in %q", body)
		}
	}
}

func TestReply(t *testing.T) {
	request := anOpMsg(0, aBody("fsyncUnlock"))
	binary.LittleEndian.PutUint32(request[4:], 77)
	reply := request.succeeded("yes")
	document := "\x1f\x00\x00\x00\x02info\x00\x04\x00\x00\x00yes\x00\x01ok\x00\x00\x00\x00\x00\x00\x00\xf0\x3f\x00"
	header := "\x34\x00\x00\x00\x00\x00\x00\x00\x4d\x00\x00\x00\xdd\x07\x00\x00"
	if expected := header + "\x00\x00\x00\x00\x00" + document; string(reply) != expected {
		t.Errorf("%q, not %q", reply, expected)
	}
	if command := request.refused("no").command(); command != "ok" {
		t.Errorf("a refusal begins with %q", command)
	}
}

func TestMoreToCome(t *testing.T) {
	if anOpMsg(0, aBody("insert")).moreToCome() || !anOpMsg(flagMoreToCome, aBody("insert")).moreToCome() {
		t.Error("the flag is misread")
	}
}

func TestReadMessage(t *testing.T) {
	sent := anOpMsg(0, aBody("ping"))
	read, err := readMessage(bytes.NewReader(append(append(message{}, sent...), sent...)))
	if err != nil || !bytes.Equal(read, sent) {
		t.Errorf("%v %v", read, err)
	}
	for _, length := range []uint32{0, headerBytes - 1, maxMessageBytes + 1} {
		var header [headerBytes]byte
		binary.LittleEndian.PutUint32(header[:], length)
		if _, err := readMessage(bytes.NewReader(header[:])); err == nil {
			t.Errorf("a length of %d is accepted", length)
		}
	}
}
