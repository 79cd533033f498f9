package model

import "reflect"

// Product is the device type that the security file speaks of. Facts are
// stated, never guessed: an absent answer is unknown, and unknown leaves the
// clauses that depend on it open.
type Product struct {
	Base

	Name         string       `yaml:"name" theriac:"required" doc:"trade name as on the label"`
	Manufacturer Manufacturer `yaml:"manufacturer" doc:"who places the device on the market (MDR Art. 2(30), IVDR Art. 2(23))"`

	Regulation Regulation `yaml:"regulation" theriac:"required" doc:"MDR for medical devices, IVDR for in vitro diagnostics"`
	Class      Class      `yaml:"class" theriac:"required" doc:"risk class: I, Is, Im, Ir, IIa, IIb, III (MDR) or A, B, C, D (IVDR)"`
	Rule       string     `yaml:"rule" doc:"classification rule of Annex VIII that gave the class, for example 11 or 12"`
	UDIDI      string     `yaml:"udi-di" doc:"UDI device identifier (basis of traceability; MDR Art. 27, IVDR Art. 24)"`

	IntendedPurpose string   `yaml:"intended-purpose" doc:"what the device is for, as in the instructions for use (Markdown)"`
	IntendedUsers   []User   `yaml:"intended-users" doc:"who uses it: professional, lay, patient, laboratory, service, it"`
	Patients        string   `yaml:"patients" doc:"patient population, or for an IVD the test population"`
	Misuse          []string `yaml:"misuse" doc:"reasonably foreseeable misuse, one sentence each (Annex I 3(c))"`
	Environments    []string `yaml:"environments" doc:"where it is operated: ward, intensive care, laboratory, home ..."`

	Lifetime      Duration `yaml:"lifetime" doc:"expected lifetime of the device, for example 10 years"`
	SupportPeriod Duration `yaml:"support-period" doc:"how long security support is promised after the last unit is placed on the market"`

	Demonstration Answer `yaml:"demonstration" doc:"true when the product is invented to show or try the tool; demonstration keys count only then"`

	Facts Facts `yaml:"facts" doc:"yes/no facts on which clauses and rules depend"`

	SourceCode []string `yaml:"source-code" doc:"folders of the source code that code references name, relative to the security file and inside its workspace"`

	NotifiedBody NotifiedBody `yaml:"notified-body" doc:"who assesses conformity, where the class needs one"`
	Standards    []Standard   `yaml:"standards" doc:"standards applied as state of the art; those in the catalogue add their clauses to the coverage"`
	// Standards of which the catalogue knows nothing are stated as people cite them.
	OtherStandards []string `yaml:"other-standards" doc:"further standards applied, as they are cited, for example ISO 13485:2016"`
	Laws           []Law    `yaml:"laws" doc:"other law that touches the device: GDPR, CRA, NIS2 ... and why it applies or not"`
}

// Manufacturer identifies the legal manufacturer.
type Manufacturer struct {
	Name    string `yaml:"name" doc:"registered name"`
	Address string `yaml:"address" doc:"registered place of business"`
	SRN     string `yaml:"srn" doc:"single registration number from EUDAMED"`
	PRRC    string `yaml:"prrc" doc:"role of the person responsible for regulatory compliance (MDR and IVDR Art. 15)"`
}

// NotifiedBody names the conformity assessment body.
type NotifiedBody struct {
	Name   string `yaml:"name" doc:"name of the body"`
	Number string `yaml:"number" doc:"four-digit identification number"`
}

// Facts are the answers on which applicability rests. Names are those of the
// applicability expressions of the catalogue.
type Facts struct {
	Software         Answer `yaml:"software" doc:"contains programmable electronics or software, or is software"`
	IsSoftware       Answer `yaml:"is-software" doc:"the software itself is the device"`
	Connected        Answer `yaml:"connected" doc:"exchanges data over any network, wireless link or removable medium"`
	PersonalData     Answer `yaml:"personal-data" doc:"processes personal data (GDPR Art. 4(1))"`
	AI               Answer `yaml:"ai" doc:"uses machine learning in its medical function"`
	Mobile           Answer `yaml:"mobile" doc:"software is meant for phones, tablets or similar platforms"`
	Combination      Answer `yaml:"combination" doc:"meant to be used together with other devices or equipment"`
	Interoperable    Answer `yaml:"interoperable" doc:"meant to exchange and use information with other products"`
	Active           Answer `yaml:"active" doc:"active device (MDR Art. 2(4)); software always is. IVD: fitted with or connected to an energy source"`
	Implantable      Answer `yaml:"implantable" doc:"implanted, wholly or partly (MDR Art. 2(5))"`
	Monitoring       Answer `yaml:"monitoring" doc:"monitors clinical parameters of a patient"`
	Measuring        Answer `yaml:"measuring" doc:"diagnostic device or device with a measuring function"`
	Therapy          Answer `yaml:"therapy" doc:"delivers or controls therapy"`
	BatterySafety    Answer `yaml:"battery-safety" doc:"patient safety depends on an internal power supply"`
	MainsSafety      Answer `yaml:"mains-safety" doc:"patient safety depends on an external power supply"`
	LayUsers         Answer `yaml:"lay-users" doc:"intended for lay persons; for an IVD self-testing"`
	NearPatient      Answer `yaml:"near-patient" doc:"IVD for near-patient testing"`
	AcuteCare        Answer `yaml:"acute-care" doc:"used where seconds count: emergency, intensive care, surgery"`
	NoMedicalPurpose Answer `yaml:"no-medical-purpose" doc:"product of MDR Annex XVI"`
	Study            Answer `yaml:"study" doc:"used in a clinical investigation or performance study"`
	InHouse          Answer `yaml:"in-house" doc:"made and used only within one health institution (Art. 5(5))"`
}

// factFields are the fields of Facts by their names.
var factFields = func() map[string]int {
	fields := map[string]int{}
	for _, f := range Fields(reflect.TypeFor[Facts]()) {
		fields[f.Tag.Get("yaml")] = f.Index[0]
	}
	return fields
}()

// FactNames lists the names of the facts.
func FactNames() []string {
	var names []string
	for _, f := range Fields(reflect.TypeFor[Facts]()) {
		names = append(names, f.Tag.Get("yaml"))
	}
	return names
}

// Answer is the stated answer to the fact with the name.
func (f *Facts) Answer(name string) Answer {
	i, known := factFields[name]
	if !known {
		return Unknown
	}
	return reflect.ValueOf(f).Elem().Field(i).Interface().(Answer)
}

// Law records whether another law applies, and why.
type Law struct {
	Law     LawName `yaml:"law" theriac:"required" doc:"gdpr, cra, nis2, ai-act, red or other"`
	Applies Answer  `yaml:"applies" doc:"true or false"`
	Basis   string  `yaml:"basis" doc:"article that decides it, for example Art. 2(2)(a) for the CRA exemption of MDR devices"`
	Why     string  `yaml:"why" doc:"one or two sentences"`
}

// Regulation is the act under which the device is placed on the market.
type Regulation string

// The two regulations.
const (
	MDR  Regulation = "MDR"
	IVDR Regulation = "IVDR"
)

func (Regulation) Values() Values {
	return Values{{"MDR", "Regulation (EU) 2017/745"}, {"IVDR", "Regulation (EU) 2017/746"}}
}

// Class is the risk class; the two regulations have separate sets.
type Class string

func (Class) Values() Values {
	return Values{
		{"I", "MDR class I"}, {"Is", "MDR class I, sterile"}, {"Im", "MDR class I, measuring"},
		{"Ir", "MDR class I, reusable surgical instrument"}, {"IIa", "MDR class IIa"}, {"IIb", "MDR class IIb"},
		{"III", "MDR class III"}, {"A", "IVDR class A"}, {"B", "IVDR class B"}, {"C", "IVDR class C"}, {"D", "IVDR class D"},
	}
}

// Of reports the regulation that knows the class.
func (c Class) Of() Regulation {
	switch c {
	case "I", "Is", "Im", "Ir", "IIa", "IIb", "III":
		return MDR
	case "A", "B", "C", "D":
		return IVDR
	}
	return ""
}

// User is a group of intended users.
type User string

func (User) Values() Values {
	return Values{
		{"professional", "health care professional"}, {"laboratory", "laboratory professional"},
		{"lay", "lay person"}, {"patient", "the patient"}, {"service", "service technician"},
		{"it", "IT or network administrator of the operator"},
	}
}

// Standard is a standard or specification that the manufacturer applies.
type Standard string

func (Standard) Values() Values {
	return Values{
		{"iec-81001-5-1", "health software security life cycle"},
		{"iec-62443-4-1", "secure product development life cycle"},
		{"iec-62443-4-2", "technical security requirements for components"},
		{"iec-tr-60601-4-5", "security capabilities of medical electrical equipment (not for IVDs)"},
		{"iec-62304", "medical device software life cycle"},
		{"iso-14971", "risk management for medical devices"},
		{"aami-tir57", "security risk management"},
		{"aami-sw96", "security risk management, standard"},
		{"iso-29147", "vulnerability disclosure"},
		{"iso-30111", "vulnerability handling"},
		{"mds2-2019", "ANSI/NEMA HN 1-2019"},
	}
}

// LawName is another law that may touch the device.
type LawName string

func (LawName) Values() Values {
	return Values{
		{"gdpr", "Regulation (EU) 2016/679"}, {"cra", "Regulation (EU) 2024/2847"},
		{"nis2", "Directive (EU) 2022/2555"}, {"ai-act", "Regulation (EU) 2024/1689"},
		{"red", "Directive 2014/53/EU"}, {"other", "any other, named in basis"},
	}
}
