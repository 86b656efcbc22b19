package resolvers

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"

	"casegraph"
)

// NoSurrogate says in words what CheckShape refuses in texts.
const NoSurrogate = `half of a surrogate pair (such as \ud800 alone) is no character`

// checkArguments refuses literals that would lose something on the way.
func checkArguments(arguments ast.ArgumentList) error {
	for _, argument := range arguments {
		if err := checkLiteral(argument.Name, argument.Value); err != nil {
			return err
		}
	}
	return nil
}

// checkLiteral refuses, at whatever depth of a value, a text with half of a
// surrogate pair, and a number that the 64 bits of a literal can't hold.
// Variables come as JSON and keep every digit.
func checkLiteral(path string, value *ast.Value) error {
	if value == nil {
		return nil
	}
	if value.Kind == ast.StringValue && strings.ContainsRune(value.Raw, utf8.RuneError) && casegraph.LoneSurrogate([]byte(value.Position.Src.Input)) {
		return casegraph.BadInput("%s: %s", path, NoSurrogate)
	}
	if isNumber := value.Kind == ast.IntValue || value.Kind == ast.FloatValue; isNumber && !heldExactly(value) {
		return casegraph.BadInput("%s: a number written in the document keeps no more than 64 bits of it; send it in a variable, which keeps all digits", path)
	}
	for i, child := range value.Children {
		within := fmt.Sprintf("%s[%d]", path, i)
		if value.Kind == ast.ObjectValue {
			within = path + "." + child.Name
		}
		if err := checkLiteral(within, child.Value); err != nil {
			return err
		}
	}
	return nil
}

func heldExactly(value *ast.Value) bool {
	if value.Kind == ast.IntValue {
		_, err := strconv.ParseInt(value.Raw, 10, 64)
		return err == nil
	}
	held, err := strconv.ParseFloat(value.Raw, 64)
	if err != nil {
		return false
	}
	digits, exponent := significant(value.Raw)
	heldDigits, heldExponent := significant(strconv.FormatFloat(held, 'e', -1, 64))
	return digits == heldDigits && exponent == heldExponent
}

// significant are a number's digits between the zeros around them, and the
// power of ten by which they are multiplied: 0.1250 is 125 and -3.
func significant(number string) (digits string, exponent int) {
	mantissa, power, _ := strings.Cut(strings.ToLower(strings.TrimPrefix(number, "-")), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	exponent, _ = strconv.Atoi(power) // none is 0; one out of range is no number's that is held
	digits = strings.TrimLeft(whole+fraction, "0")
	kept := strings.TrimRight(digits, "0")
	if kept == "" {
		return "", 0
	}
	return kept, exponent - len(fraction) + len(digits) - len(kept)
}
