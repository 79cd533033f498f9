package pdf

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg" // logos are PNG or JPEG
	"image/png"
	"sync"

	"codeberg.org/go-pdf/fpdf"
)

// maxPixels bounds a logo.
const maxPixels = 16 << 20

// logo is a picture as a file holds it: PNG, opaque, of 8 bits.
type logo struct {
	png  []byte
	w, h int // pixels
}

// fit is the size of the logo within a room, in points.
func (l *logo) fit(width, height float64) (w, h float64) {
	k := min(width/float64(l.w), height/float64(l.h), 1)
	return float64(l.w) * k, float64(l.h) * k
}

// lastLogo is the logo that was read last: the documents of a set share it.
var lastLogo struct {
	sync.Mutex
	sum  [sha256.Size]byte
	logo *logo
}

// readLogo reads a logo; nil for none.
func readLogo(b []byte) (*logo, error) {
	if len(b) == 0 {
		return nil, nil
	}
	sum := sha256.Sum256(b)
	lastLogo.Lock()
	defer lastLogo.Unlock()
	if lastLogo.logo != nil && lastLogo.sum == sum {
		return lastLogo.logo, nil
	}
	l, err := decodeLogo(b)
	if err != nil {
		return nil, fmt.Errorf("the logo cannot be read: %w", err)
	}
	lastLogo.sum, lastLogo.logo = sum, l
	return l, nil
}

func decodeLogo(b []byte) (*logo, error) {
	size, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	if size.Width <= 0 || size.Height <= 0 || size.Width > maxPixels/size.Height {
		return nil, fmt.Errorf("%d by %d pixels are too many", size.Width, size.Height)
	}
	decoded, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	opaque := image.NewRGBA(image.Rect(0, 0, decoded.Bounds().Dx(), decoded.Bounds().Dy()))
	draw.Draw(opaque, opaque.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(opaque, opaque.Bounds(), decoded, decoded.Bounds().Min, draw.Over)
	var out bytes.Buffer
	if err := png.Encode(&out, opaque); err != nil {
		return nil, err
	}
	return &logo{out.Bytes(), size.Width, size.Height}, nil
}

// image paints a logo.
func (c *canvas) image(l *logo, x, y, w, h float64) {
	options := fpdf.ImageOptions{ImageType: "PNG"}
	c.pdf.RegisterImageOptionsReader("logo", options, bytes.NewReader(l.png))
	c.pdf.ImageOptions("logo", x, y, w, h, false, options, 0, "")
}
