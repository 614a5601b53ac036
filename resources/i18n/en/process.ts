<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>text</name>
    <message>
        <source>level.1</source>
        <translation>I</translation>
    </message>
    <message>
        <source>level.2</source>
        <translation>II</translation>
    </message>
    <message>
        <source>level.3</source>
        <translation>III</translation>
    </message>
    <message>
        <source>level.4</source>
        <translation>IV</translation>
    </message>
    <message>
        <source>finding.true</source>
        <translation>true</translation>
    </message>
    <message>
        <source>finding.false</source>
        <translation>false alarm</translation>
    </message>
    <message>
        <source>finding.unknown</source>
        <translation>cannot tell</translation>
    </message>
    <message>
        <source>part.lead</source>
        <translation>lead</translation>
    </message>
    <message>
        <source>part.help</source>
        <translation>help</translation>
    </message>
    <message>
        <source>satisfaction.satisfied</source>
        <translation>satisfied</translation>
    </message>
    <message>
        <source>satisfaction.fair</source>
        <translation>fair</translation>
    </message>
    <message>
        <source>satisfaction.unsatisfied</source>
        <translation>not satisfied</translation>
    </message>
    <message>
        <source>satisfaction.not_reached</source>
        <translation>not reached</translation>
    </message>
    <message>
        <source>service.110</source>
        <translation>110 police</translation>
    </message>
    <message>
        <source>service.119</source>
        <translation>119 fire</translation>
    </message>
    <message>
        <source>service.120</source>
        <translation>120 ambulance</translation>
    </message>
    <message>
        <source>service.122</source>
        <translation>122 traffic</translation>
    </message>
    <message>
        <source>ground.overdue</source>
        <translation>overdue</translation>
    </message>
    <message>
        <source>ground.leader</source>
        <translation>leader's instruction</translation>
    </message>
    <message>
        <source>ground.important</source>
        <translation>important</translation>
    </message>
    <message>
        <source>whistle.blown</source>
        <translation>waiting for departments</translation>
    </message>
    <message>
        <source>whistle.answered</source>
        <translation>to be rated</translation>
    </message>
    <message>
        <source>whistle.rated</source>
        <translation>rated</translation>
    </message>
    <message>
        <source>whistle.withdrawn</source>
        <translation>withdrawn</translation>
    </message>
    <message>
        <source>whistle_call.called</source>
        <translation>called</translation>
    </message>
    <message>
        <source>whistle_call.reported_in</source>
        <translation>reported in</translation>
    </message>
    <message>
        <source>whistle_call.done</source>
        <translation>gave its result</translation>
    </message>
    <message>
        <source>whistle_call.scored</source>
        <translation>rated</translation>
    </message>
    <message>
        <source>handover.waiting</source>
        <translation>waits for signature</translation>
    </message>
    <message>
        <source>handover.returned</source>
        <translation>given back</translation>
    </message>
    <message>
        <source>handover.signed</source>
        <translation>signed by both</translation>
    </message>
    <message>
        <source>handover.withdrawn</source>
        <translation>withdrawn</translation>
    </message>
    <message>
        <source>handover.one_sided</source>
        <translation>told by one side</translation>
    </message>
</context>
</TS>
