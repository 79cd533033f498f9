package trace

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"strings"

	"theriac/internal/lazyregexp"
)

// countLines is the number of lines of a text.
func countLines(text []byte) int {
	n := bytes.Count(text, []byte("\n"))
	if len(text) > 0 && text[len(text)-1] != '\n' {
		n++
	}
	return n
}

// findSymbol is the line on which a file declares a symbol, or 0. In Go it must
// be a declaration. In other languages it is the line that looks most like one
// among those outside comments that hold the last part of the name as a whole
// word, provided that the other parts occur as well.
func findSymbol(name string, text []byte, symbol []string) int {
	if path.Ext(name) == ".go" {
		if line, ok := findGo(text, symbol); ok {
			return line
		}
	}
	for _, part := range symbol[:len(symbol)-1] {
		if line, _ := findWord(text, part); line == 0 {
			return 0
		}
	}
	line, declared := findWord(text, symbol[len(symbol)-1])
	if declared > 0 {
		return declared
	}
	return line
}

// findGo finds a declaration in a Go file: Name, Type.Method or Type.Field. It
// says no where the file cannot be parsed.
func findGo(text []byte, symbol []string) (line int, ok bool) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", text, parser.SkipObjectResolution)
	if err != nil {
		return 0, false
	}
	for _, d := range file.Decls {
		if at := declares(d, symbol); at.IsValid() {
			return files.Position(at).Line, true
		}
	}
	return 0, true
}

// declares is the place at which a declaration declares a symbol.
func declares(d ast.Decl, symbol []string) token.Pos {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.Name == symbol[len(symbol)-1] && (len(symbol) == 1 || len(symbol) == 2 && receiver(d) == symbol[0]) {
			return d.Name.Pos()
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			if at := specifies(s, symbol); at.IsValid() {
				return at
			}
		}
	}
	return token.NoPos
}

// receiver is the type of a method, or "".
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return ""
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

func specifies(s ast.Spec, symbol []string) token.Pos {
	switch s := s.(type) {
	case *ast.ValueSpec:
		if len(symbol) == 1 {
			return named(s.Names, symbol[0])
		}
	case *ast.TypeSpec:
		switch {
		case s.Name.Name != symbol[0]:
		case len(symbol) == 1:
			return s.Name.Pos()
		case len(symbol) == 2:
			return member(s.Type, symbol[1])
		}
	}
	return token.NoPos
}

// member is the place of a field or method inside a type.
func member(t ast.Expr, name string) token.Pos {
	var list *ast.FieldList
	switch t := t.(type) {
	case *ast.StructType:
		list = t.Fields
	case *ast.InterfaceType:
		list = t.Methods
	default:
		return token.NoPos
	}
	for _, f := range list.List {
		if at := named(f.Names, name); at.IsValid() {
			return at
		}
	}
	return token.NoPos
}

func named(names []*ast.Ident, name string) token.Pos {
	for _, n := range names {
		if n.Name == name {
			return n.Pos()
		}
	}
	return token.NoPos
}

var (
	// commentLine is a line that holds nothing but a comment, in the languages
	// that devices are written in.
	commentLine = lazyregexp.New(`^\s*(//|/\*|\*( |/|$)|#( |#|!|$)|--( |-|$)|<!--|%|;|\(\*)`)
	// declaring stands before the name that a line declares.
	declaring = lazyregexp.New(`(?:^|[^\pL\pN_])(?:func|fn|def|class|struct|enum|union|interface|trait|type|typedef|impl|module|namespace|package|` +
		`function|procedure|task|entity|component|const|constexpr|static|let|var|val|define|macro_rules!|signal|object)\s+(?:[^\s=(]+\s+)*?$`)
	// declared stands behind a name that is declared at the start of a line
	// behind its type, as in C.
	declared = lazyregexp.New(`^\s*(?:\(|=[^=]|\[|\{|;|:)`)
	// typed is what stands before the name of a C function or variable.
	typed = lazyregexp.New(`^[\pL_][\pL\pN_:<>,*&~ \t]*[\s*&:]~?$`)
	// statement begins lines that use a name without declaring it.
	statement = lazyregexp.New(`^\s*(?:return|if|else|for|while|switch|case|goto|throw|new|delete|import|from|using|use|raise|yield|await|assert)\b`)
)

// findWord is the first line outside comment lines that holds a whole word, and
// the first of them that looks like a declaration of it; 0 when there is none.
func findWord(text []byte, word string) (first, declaration int) {
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		if !strings.Contains(line, word) || commentLine.MatchString(line) {
			continue
		}
		if i := strings.Index(line, " //"); i >= 0 {
			line = line[:i]
		}
		for at := range occurrences(line, word) {
			if first == 0 {
				first = n
			}
			if before, after := line[:at], line[at+len(word):]; !statement.MatchString(line) &&
				(declaring.MatchString(before) || (typed.MatchString(before) || before == "") && declared.MatchString(after)) {
				return first, n
			}
		}
	}
	return first, 0
}

// occurrences yields where a word stands in a line by itself.
func occurrences(line, word string) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for from := 0; ; {
			i := strings.Index(line[from:], word)
			if i < 0 {
				return
			}
			at := from + i
			end := at + len(word)
			from = at + 1
			if (at == 0 || !wordByte(line[at-1])) && (end == len(line) || !wordByte(line[end])) && !yield(at) {
				return
			}
		}
	}
}
