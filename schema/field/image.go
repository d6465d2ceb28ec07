package field

import (
	"tenon/schema/panel"
	"tenon/schema/value"
)

const exampleImage = `{"id":` + exampleID + `,"name":"现场.jpg","size":2048,"type":"image/jpeg"}`

var _ = Define(Spec[fileOptions]{
	Name: "image", Group: "file", Icon: "image",
	Label: Label{ZH: "图片", EN: "Image"},
	Help:  Label{ZH: "上传的图片，列表中显示缩略图", EN: "Uploaded pictures, shown small in lists"},
	Options: panel.Object(fileProps(`^(\.[A-Za-z0-9]{1,10}|image/(\*|[A-Za-z0-9.+-]+))$`,
		"扩展名或类型，例如 .png、image/jpeg；不填则为所有图片", "Extensions or types such as .png, image/jpeg; blank for every picture")...),
	Kind:   value.Object,
	Traits: Traits{Multiple: true, Filterable: true, HoldsFile: true},
	Bind: func(o fileOptions, b *Bound) error {
		if len(o.Accept) == 0 {
			// Extensions too, for clients that do not tell the type.
			o.Accept = []string{"image/*", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".heic", ".avif"}
		}
		bindFiles(b, o, true)
		return nil
	},
	Examples: []Example{
		{In: `[` + exampleImage + `]`, Out: `[` + exampleImage + `]`, Text: "现场.jpg"},
		{In: exampleImage, Out: `[` + exampleImage + `]`},
		{In: `null`, Out: `null`},
		{In: `"现场.jpg"`, Err: "field.file"},
		{In: `[` + exampleFile + `]`, Err: "field.file.type"},
	},
})
