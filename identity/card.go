package identity

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
)

// card is a token: of a number of 12 to 19 digits the hex SHA-256 (HMAC-SHA-256 under Options.CardKey), a hyphen and the last
// four digits, so that the number itself is never kept. Published test numbers are placeholders and stay as they are. Another
// token, a processor's, is kept in lower case.
func card(text string, opts Options) (string, bool, string) {
	if number := letters(text); digits(number) && len(number) >= 12 && len(number) <= 19 {
		if cardsForNothing[number] || filler(number) {
			return number, true, ""
		}
		return cardToken(number, opts.CardKey), false, ""
	}
	token := strings.ToLower(text)
	if strings.ContainsFunc(token, noToken) {
		return "", false, "must be a number of 12 to 19 digits or a token of ASCII letters, digits, - and _"
	}
	if len(token) < 9 {
		return "", false, "must be a whole number or a token of at least 9 characters: many cards share their first or last digits"
	}
	return token, filler(token), ""
}

func noToken(r rune) bool {
	return r != '-' && r != '_' && (r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r))
}

func cardToken(number string, key []byte) string {
	hash := sha256.New()
	if len(key) > 0 {
		hash = hmac.New(sha256.New, key)
	}
	hash.Write([]byte(number))
	return hex.EncodeToString(hash.Sum(nil)) + "-" + number[len(number)-4:]
}

// checkedCard says whether a text has a card number's check digit (Luhn) and length.
func checkedCard(text string) bool {
	number := letters(text)
	if !digits(number) || len(number) < 12 || len(number) > 19 {
		return false
	}
	sum := 0
	for i := range len(number) {
		digit := int(number[len(number)-1-i] - '0')
		if i%2 == 1 {
			digit = digit*2%10 + digit/5
		}
		sum += digit
	}
	return sum%10 == 0
}
