package casegraph

import (
	"errors"
	"fmt"
)

// Code is what sort of error a caller meets; it stands in extensions.code.
type Code string

// The codes. There are no others.
const (
	CodeBadInput        Code = "BAD_INPUT"       // the request breaks a rule that the message names
	CodeNotFound        Code = "NOT_FOUND"       // no such node, or none that the asker may see
	CodeConflict        Code = "CONFLICT"        // the node has changed since, or the key was used for something else
	CodeUnauthenticated Code = "UNAUTHENTICATED" // nobody is signed in
	CodeForbidden       Code = "FORBIDDEN"       // the role does not allow it
	CodeTooLarge        Code = "TOO_LARGE"       // the request costs more than it may
	CodeTimeout         Code = "TIMEOUT"         // it took longer than it may
	CodeUnavailable     Code = "UNAVAILABLE"     // the store can't be reached; try again
	CodeInternal        Code = "INTERNAL"        // a fault of ours; the request id finds it in the log
)

// Error is an error that a caller is meant to read.
type Error struct {
	Code    Code
	Message string
	// Field is the input that is at fault, as a dotted path, or "".
	Field string
}

// Error is the message.
func (e *Error) Error() string { return e.Message }

// CodeOf is the code of an error; one that was not meant for callers is
// CodeInternal.
func CodeOf(err error) Code {
	var known *Error
	if errors.As(err, &known) {
		return known.Code
	}
	return CodeInternal
}

// BadInput says which rule the input breaks. A message that begins with
// "name: " names the field at fault.
func BadInput(format string, args ...any) error {
	message := fmt.Sprintf(format, args...)
	return &Error{Code: CodeBadInput, Message: message, Field: leadingField(message)}
}

func leadingField(message string) string {
	for i := 0; i < len(message); i++ {
		switch c := message[i]; {
		case c == ':':
			return message[:i]
		case c != '.' && c != '[' && c != ']' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z'):
			return ""
		}
	}
	return ""
}

// NotFound says that there is no such thing, or none that the asker may see.
func NotFound(what string, name any) error {
	return &Error{Code: CodeNotFound, Message: fmt.Sprintf("no %s has the id %.100q", what, fmt.Sprint(name))}
}

// NoSuch says that an input names nothing, or nothing that the asker may see.
func NoSuch(field, what string, id ID) error {
	return &Error{Code: CodeNotFound, Field: field, Message: fmt.Sprintf("%s: no %s has the id %.100q", field, what, string(id))}
}

// Conflict says that something has changed meanwhile.
func Conflict(format string, args ...any) error {
	return &Error{Code: CodeConflict, Message: fmt.Sprintf(format, args...)}
}

// Forbidden says that the role does not allow it.
func Forbidden(format string, args ...any) error {
	return &Error{Code: CodeForbidden, Message: fmt.Sprintf(format, args...)}
}
