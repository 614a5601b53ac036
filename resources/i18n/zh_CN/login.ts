<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>login</name>
    <message>
        <source>Not logged in: {why}</source>
        <translation>未能登录：{why}</translation>
    </message>
    <message>
        <source>Opening the seat…</source>
        <translation>正在打开席位…</translation>
    </message>
    <message>
        <source>Welcome.</source>
        <translation>欢迎。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Log in  Enter</source>
        <translation>登录  回车</translation>
    </message>
    <message>
        <source>Name and password are needed.</source>
        <translation>请输入用户名和密码。</translation>
    </message>
    <message>
        <source>Next try in {n} s.</source>
        <translation>{n} 秒后可再试。</translation>
    </message>
    <message>
        <source>Log in to {centre}</source>
        <translation>登录 {centre}</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>登录</translation>
    </message>
</context>
</TS>
