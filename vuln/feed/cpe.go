package feed

import (
	"errors"
	"strings"

	"github.com/knqyf263/go-cpe/common"
	"github.com/knqyf263/go-cpe/naming"

	"theriac/vuln"
)

// cpe is a CPE name, taken apart as far as the looking up needs it.
type cpe struct {
	name    string // vuln.NormalCPE of vendor and product
	any     string // the whole name, as formatted string, with any version
	version string // without quoting; "*" any, "-" none
	pattern bool   // the version has wildcards
}

var errCPE = errors.New("CPE that cannot be read")

// parseCPE reads a formatted string (cpe:2.3:...) or a URI (cpe:/...), NISTIR 7695.
// The library takes a name apart with indices that some names lead outside: that is
// an error here.
func parseCPE(s string) (c cpe, err error) {
	defer func() {
		if recover() != nil {
			c, err = cpe{}, errCPE
		}
	}()
	if len(s) > 1000 {
		return cpe{}, errCPE
	}
	var name common.WellFormedName
	if strings.HasPrefix(s, "cpe:/") {
		name, err = naming.UnbindURI(s)
	} else {
		name, err = naming.UnbindFS(s)
	}
	if err != nil {
		return cpe{}, errCPE
	}
	c.name = vuln.NormalCPE(name.GetString(common.AttributeVendor), name.GetString(common.AttributeProduct))
	if product, ok := name.Get(common.AttributeProduct).(string); !ok || strings.ContainsAny(bare(product), "*?") {
		return cpe{}, errCPE
	}
	switch version := name.Get(common.AttributeVersion).(type) {
	case string:
		c.version, c.pattern = unquoted(version), strings.ContainsAny(bare(version), "*?")
	case common.LogicalValue:
		if c.version = "*"; version.IsNA() {
			c.version = "-"
		}
	}
	if c.version == "" {
		return cpe{}, errCPE // a quoting of nothing
	}
	anything, err := common.NewLogicalValue("ANY")
	if err != nil {
		return cpe{}, err
	}
	if err := name.Set(common.AttributeVersion, anything); err != nil {
		return cpe{}, errCPE
	}
	c.any = naming.BindToFS(name)
	return c, nil
}

// bare is s without its quoted characters.
func bare(s string) string { return unquote(s, false) }

// unquoted is s without the quoting of its characters.
func unquoted(s string) string { return unquote(s, true) }

func unquote(s string, keep bool) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
		} else if i++; keep && i < len(s) {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
