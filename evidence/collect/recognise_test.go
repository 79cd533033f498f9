package collect

import (
	"os"
	"path/filepath"
	"testing"
)

// Each input in testdata is recognised by the collector that its folder is named
// for, and by no other.
func TestRecognise(t *testing.T) {
	folders, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if folder.Name() == "fuzz" { // corpora of fuzz targets
			continue
		}
		if Find(folder.Name()) == nil {
			t.Errorf("testdata/%s is named for no collector", folder.Name())
			continue
		}
		for _, path := range inputs(t, folder.Name()) {
			in := source(t, path)
			var names []string
			for _, c := range Recognise(in.Name, in.Data) {
				names = append(names, c.Name)
			}
			if len(names) != 1 || names[0] != folder.Name() {
				t.Errorf("%s is recognised by %v", filepath.Join("testdata", path), names)
			}
		}
	}
}

func TestForeignFilesAreNotRecognised(t *testing.T) {
	for name, data := range map[string]string{
		"empty.xml": "", "text.txt": "hello\n", "page.html": "<html><body/></html>", "other.xml": "<?xml version='1.0'?><a/>",
		"list.json": "[]", "object.json": "{}", "cut.json": `{"runs":`, "binary": "\x7fELF\x02\x01\x01\x00",
	} {
		for _, c := range Recognise(name, []byte(data)) {
			t.Errorf("%s is recognised by %s", name, c.Name)
		}
	}
}
