package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

const (
	headerBytes     = 16         // length, request id, response to, opcode: int32 each, little endian
	maxMessageBytes = 48_000_000 // MongoDB's maxMessageSizeBytes
	opMsg           = 2013
	flagChecksum    = 1 << 0
	flagMoreToCome  = 1 << 1
	bsonDocMinBytes = 5
)

// message is one message of MongoDB's wire protocol, header included.
type message []byte

func readMessage(from io.Reader) (message, error) {
	var header [headerBytes]byte
	if _, err := io.ReadFull(from, header[:]); err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint32(header[:])
	if length < headerBytes || length > maxMessageBytes {
		return nil, fmt.Errorf("a message of %d bytes", length)
	}
	whole := make(message, length)
	copy(whole, header[:])
	_, err := io.ReadFull(from, whole[headerBytes:])
	return whole, err
}

// sections returns flags and sections of an OP_MSG, without its checksum; ok is false for any other message,
// such as the OP_QUERY with which drivers say hello.
func (m message) sections() (flags uint32, sections []byte, ok bool) {
	if len(m) < headerBytes+4 || binary.LittleEndian.Uint32(m[12:]) != opMsg {
		return 0, nil, false
	}
	flags = binary.LittleEndian.Uint32(m[headerBytes:])
	sections = m[headerBytes+4:]
	if flags&flagChecksum != 0 {
		sections = sections[:max(0, len(sections)-4)]
	}
	return flags, sections, true
}

// moreToCome says that the sender wants no reply.
func (m message) moreToCome() bool {
	flags, _, ok := m.sections()
	return ok && flags&flagMoreToCome != 0
}

// command is the name of the first element of the body, which is the one section of kind 0; sections of
// kind 1 (the documents of an insert) may come before it. It is empty where there is none.
func (m message) command() string {
	_, rest, _ := m.sections()
	for len(rest) > bsonDocMinBytes {
		kind, section := rest[0], rest[1:]
		if kind == 0 {
			name, _, found := bytes.Cut(section[bsonDocMinBytes:], []byte{0}) // after length and element type
			if !found {
				return ""
			}
			return string(name)
		}
		size := binary.LittleEndian.Uint32(section)
		if kind != 1 || size < 4 || uint64(size) > uint64(len(section)) {
			return ""
		}
		rest = section[size:]
	}
	return ""
}
