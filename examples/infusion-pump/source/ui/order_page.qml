// Excerpt of the example device's software: shows what requirement rq-order-confirm names; not a complete program.
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Vp4.Infusion
import Vp4.Keys

Page {
    id: page
    required property Order order      // waits in the inbox, cannot be edited here
    required property Session session

    // In this order on one page without scrolling; a field without value bars the start.
    readonly property var fields: [
        { label: qsTr("Patient"), value: order.patient },
        { label: qsTr("Drug"), value: order.drug },
        { label: qsTr("Concentration"), value: order.concentration },
        { label: qsTr("Dose"), value: order.dose },
        { label: qsTr("Rate"), value: order.rate }
    ]
    readonly property bool complete: fields.every(field => Boolean(field.value))

    ColumnLayout {
        anchors.fill: parent
        Repeater {
            model: page.fields
            Label {
                required property var modelData
                text: modelData.label + ": " + modelData.value
                textFormat: Text.PlainText // the values come from outside
                wrapMode: Text.Wrap
                Layout.fillWidth: true
            }
        }
    }

    Connections {
        target: Keypad
        enabled: page.visible && page.complete && page.session.loggedIn
        function onStartPressed() { InfusionManager.start(page.order.number, page.session) }
    }
}
