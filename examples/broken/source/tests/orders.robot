# Excerpt of the example device's tests: shows what verification vf-order-checks names; not a complete program.
*** Settings ***
Library           Hl7Peer.py
Library           PumpScreen.py
Test Template     Refused Order Has Its Reason

*** Test Cases ***                FIELD         VALUE              REASON
Unknown Drug                      drug          NOT-IN-LIBRARY     unknown drug
Unit Of Another Dose              unit          mg                 unit does not fit
Dose Above The Range              dose          1000000            out of range
Order Number Sent Before          number        of previous        repeated
Time Stamp Of 601 Seconds Ago     age           601                time stamp

*** Keywords ***
Refused Order Has Its Reason
    [Arguments]    ${field}    ${value}    ${reason}
    ${answer}=     Send Order With    ${field}    ${value}
    Should Be Equal    ${answer.code}    AE
    Should Be Equal    ${answer.text}    ${reason}
    Inbox Should Be Empty
