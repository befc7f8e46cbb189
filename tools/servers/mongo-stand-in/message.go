package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

const (
	headerBytes     = 16         // length, request id, response to, opcode: int32 each, little endian
	maxMessageBytes = 48_000_000 // MongoDB's maxMessageSizeBytes
	opMsg           = 2013
	flagChecksum    = 1 << 0
	flagMoreToCome  = 1 << 1
	bsonDocMinBytes = 5
	bsonDouble      = 0x01
	bsonString      = 0x02
	bsonInt32       = 0x10
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
	body := m.body()
	if len(body) < bsonDocMinBytes {
		return ""
	}
	name, _, found := bytes.Cut(body[bsonDocMinBytes:], []byte{0}) // after length and element type
	if !found {
		return ""
	}
	return string(name)
}

// asksForLock tells `{fsync: 1, lock: true}` from an fsync without a lock. The command has no text or
// document in which the same bytes could stand.
func (m message) asksForLock() bool {
	return m.command() == "fsync" && bytes.Contains(m.body(), []byte("\x08lock\x00\x01"))
}

// body is the document of the section of kind 0 with all that follows it; nil where there is none.
func (m message) body() []byte {
	_, rest, _ := m.sections()
	for len(rest) > bsonDocMinBytes {
		kind, section := rest[0], rest[1:]
		if kind == 0 {
			return section
		}
		size := binary.LittleEndian.Uint32(section)
		if kind != 1 || size < 4 || uint64(size) > uint64(len(section)) {
			return nil
		}
		rest = section[size:]
	}
	return nil
}

// succeeded answers a command with `{info, ok: 1}`.
func (m message) succeeded(info string) message {
	return m.reply(stringElement("info", info), okElement(1))
}

// refused answers a command with MongoDB's error IllegalOperation.
func (m message) refused(why string) message {
	code := append([]byte{bsonInt32}, "code\x00\x14\x00\x00\x00"...) // 20
	return m.reply(okElement(0), stringElement("errmsg", why), code)
}

func (m message) reply(elements ...[]byte) message {
	document := append([]byte{0, 0, 0, 0}, bytes.Join(elements, nil)...)
	document = append(document, 0)
	binary.LittleEndian.PutUint32(document, uint32(len(document)))
	reply := append(make(message, headerBytes+4+1), document...) // flags and the section's kind stay 0
	binary.LittleEndian.PutUint32(reply, uint32(len(reply)))
	copy(reply[8:12], m[4:8]) // in response to the request's id
	binary.LittleEndian.PutUint32(reply[12:], opMsg)
	return reply
}

func stringElement(name, value string) []byte {
	element := append([]byte{bsonString}, name...)
	element = append(element, 0)
	element = binary.LittleEndian.AppendUint32(element, uint32(len(value)+1))
	return append(append(element, value...), 0)
}

func okElement(value float64) []byte {
	element := append([]byte{bsonDouble}, "ok\x00"...)
	return binary.LittleEndian.AppendUint64(element, math.Float64bits(value))
}
