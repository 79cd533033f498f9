package change

// Signal is a fact about a difference that criteria of significance ask for.
type Signal string

// The signals.
const (
	PurposeChanged     Signal = "purpose"           // intended purpose, users, patients or surroundings
	ClassChanged       Signal = "classification"    // regulation, class or rule
	ChannelNew         Signal = "channel-new"       // a way to exchange data with the device that was not there or not usable
	ChannelGone        Signal = "channel-gone"      // such a way is gone
	UserInterface      Signal = "user-interface"    // interfaces to people
	PlatformChanged    Signal = "platform"          // hardware, firmware, operating system
	SystemStructure    Signal = "structure"         // components, zones, flows between them
	DataStructure      Signal = "data-structure"    // stores and what they hold
	SafetySoftware     Signal = "safety-software"   // software that takes part in therapy, results or alarms
	SoupChanged        Signal = "soup"              // version of third-party software
	SafetyTouched      Signal = "safety"            // hazards, hazardous situations, harms
	RiskNew            Signal = "risk-new"          // a risk or threat that was not there
	RiskWorse          Signal = "risk-worse"        // a risk rose, or lost what lowered it
	RiskBetter         Signal = "risk-better"       // a risk fell
	Exposed            Signal = "exposure"          // who can reach the device, or what it gives away
	ProtectionChanged  Signal = "protection"        // protection became weaker or other
	ProtectionStronger Signal = "protection-better" // protection became stronger
	ControlChanged     Signal = "control"           // a control or requirement
	UserInformation    Signal = "user-information"  // what operators and users are told or asked for
	QualitySystem      Signal = "quality-system"    // processes, vulnerability handling, post-market surveillance
	PolicyChanged      Signal = "policy"            // what counts as acceptable
)

// Signals lists all signals.
func Signals() []Signal {
	return []Signal{
		PurposeChanged, ClassChanged, ChannelNew, ChannelGone, UserInterface, PlatformChanged, SystemStructure, DataStructure, SafetySoftware,
		SoupChanged, SafetyTouched, RiskNew, RiskWorse, RiskBetter, Exposed, ProtectionChanged, ProtectionStronger, ControlChanged,
		UserInformation, QualitySystem, PolicyChanged,
	}
}
