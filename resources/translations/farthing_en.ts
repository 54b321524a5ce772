<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ui::Composer</name>
    <message numerus="yes">
        <source>The pasted text holds %n invisible character(s).</source>
        <translation>
            <numerusform>The pasted text holds %n invisible character.</numerusform>
            <numerusform>The pasted text holds %n invisible characters.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::OutageDrill</name>
    <message numerus="yes">
        <source>Under it: %n attempt(s).</source>
        <translation>
            <numerusform>Under it: %n attempt.</numerusform>
            <numerusform>Under it: %n attempts.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n attempt(s), each in a row of its own: </source>
        <translation>
            <numerusform>%n attempt, in a row of its own: </numerusform>
            <numerusform>%n attempts, each in a row of its own: </numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ProviderPage</name>
    <message numerus="yes">
        <source>Filter %n model(s)</source>
        <translation>
            <numerusform>Filter %n model</numerusform>
            <numerusform>Filter %n models</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It answers: %n model(s), %1</source>
        <translation>
            <numerusform>It answers: %n model, %1</numerusform>
            <numerusform>It answers: %n models, %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ProvidersPage</name>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::Sidebar</name>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n running</numerusform>
            <numerusform>%n running</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::Welcome</name>
    <message numerus="yes">
        <source>%1 answers at %2 with %n model(s). Nothing leaves this computer.</source>
        <translation>
            <numerusform>%1 answers at %2 with %n model. Nothing leaves this computer.</numerusform>
            <numerusform>%1 answers at %2 with %n models. Nothing leaves this computer.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>app::OrderlyQuit</name>
    <message numerus="yes">
        <source>%n answer(s) are running.</source>
        <translation>
            <numerusform>%n answer is still being written.</numerusform>
            <numerusform>%n answers are still being written.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::RoomQuestion</name>
    <message numerus="yes">
        <source>Send it in %n part(s) (%1)</source>
        <translation>
            <numerusform>Send it in %n part (%1)</numerusform>
            <numerusform>Send it in %n parts (%1)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::RoomTexts</name>
    <message numerus="yes">
        <source>Leave out the oldest %n message(s)</source>
        <translation>
            <numerusform>Leave out the oldest message</numerusform>
            <numerusform>Leave out the oldest %n messages</numerusform>
        </translation>
    </message>
</context>
</TS>
