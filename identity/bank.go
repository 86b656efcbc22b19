package identity

import (
	"strconv"
	"strings"
)

// bankAccount is an account's number without spaces and signs, in capitals. One that has the shape of an IBAN must have its
// check digits.
func bankAccount(text string, opts Options) (string, bool, string) {
	number, placeholder, rule := document(text, opts)
	if rule == "" && looksLikeIBAN(number) && !checkedIBAN(number) {
		return "", false, "has the shape of an IBAN but not its check digits"
	}
	return number, placeholder, rule
}

// ibanLengths are the lengths in the IBAN registry. Each country has exactly one, which tells an IBAN from other numbers
// that begin with two letters.
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29, "BY": 28,
	"CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
	"FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28,
	"IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20,
	"LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28,
	"NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24,
	"SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26,
	"UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}

func looksLikeIBAN(number string) bool {
	return len(number) > 4 && ibanLengths[number[:2]] == len(number) && digits(number[2:4])
}

// checkedIBAN says whether the remainder by 97 of an IBAN is 1, read with its first four characters at the end and A as 10,
// B as 11 … Z as 35 (ISO 7064).
func checkedIBAN(number string) bool {
	remainder := 0
	for _, r := range number[4:] + number[:4] {
		value, err := strconv.ParseInt(string(r), 36, 0)
		if err != nil {
			return false
		}
		if value > 9 {
			remainder *= 10
		}
		remainder = (remainder*10 + int(value)) % 97
	}
	return remainder == 1
}

// isIBAN says whether a text is an IBAN, check digits and all.
func isIBAN(text string) bool {
	number := strings.ToUpper(letters(text))
	return looksLikeIBAN(number) && checkedIBAN(number)
}
