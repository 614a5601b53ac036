<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>text</name>
    <message>
        <source>{path}: got {got}, expected {expected}</source>
        <translation>{path}：得到 {got}，应为 {expected}</translation>
    </message>
    <message>
        <source>The log was cut: it ends at {is_no}, the remembered head is {was_no}.</source>
        <translation>日志被截断：止于 {is_no}，而记录的链首为 {was_no}。</translation>
    </message>
    <message>
        <source>Event {no} is not the one that is remembered as head.</source>
        <translation>事件 {no} 与记录的链首不符。</translation>
    </message>
    <message>
        <source>The remembered head cannot be trusted: {why}</source>
        <translation>记录的链首不可信：{why}</translation>
    </message>
    <message>
        <source>The remembered head is gone.</source>
        <translation>记录的链首文件不见了。</translation>
    </message>
    <message>
        <source>Event {no} (row {seq}) cannot be read.</source>
        <translation>事件 {no}（第 {seq} 行）无法读取。</translation>
    </message>
    <message>
        <source>Event {no} (row {seq}) was changed: its content does not match its hash.</source>
        <translation>事件 {no}（第 {seq} 行）被改动：内容与哈希不符。</translation>
    </message>
    <message>
        <source>Event {no} (row {seq}) does not follow the one before it: a row was dropped, swapped or put in.</source>
        <translation>事件 {no}（第 {seq} 行）与前一条不衔接：有行被删除、调换或插入。</translation>
    </message>
    <message>
        <source>Event {no} (row {seq}): its columns do not match its content.</source>
        <translation>事件 {no}（第 {seq} 行）的列与内容不符。</translation>
    </message>
    <message>
        <source>The file {digest} is not on this seat.</source>
        <translation>本席没有文件 {digest}。</translation>
    </message>
    <message>
        <source>The file {digest} is damaged on disk.</source>
        <translation>文件 {digest} 在磁盘上已损坏。</translation>
    </message>
    <message>
        <source>The store {path} cannot be opened: {why}. Check the rights of the data folder.</source>
        <translation>无法打开数据库 {path}：{why}。请检查数据文件夹的权限。</translation>
    </message>
    <message>
        <source>The file {path} is not a store of this program: {why}. Nothing was changed.</source>
        <translation>文件 {path} 不是本程序的数据库：{why}。未作任何更改。</translation>
    </message>
    <message>
        <source>The store {path} was written by a newer version of the program ({theirs}; this one knows {ours}). Install the newer program; nothing was changed.</source>
        <translation>数据库 {path} 由更新版本的程序写成（{theirs}；本程序支持到 {ours}）。请安装新版程序；未作任何更改。</translation>
    </message>
    <message>
        <source>The store {path} must be upgraded, but another program has it open. Close the other screens of this seat and start again.</source>
        <translation>数据库 {path} 需要升级，但另一个程序正在使用。请关闭本席其他屏幕后重新启动。</translation>
    </message>
    <message>
        <source>There is no personal record {id}.</source>
        <translation>没有个人信息记录 {id}。</translation>
    </message>
    <message>
        <source>The data folder {folder} cannot be written: {why}. Give this user the right to write there, or choose another folder with --data.</source>
        <translation>数据文件夹 {folder} 不可写：{why}。请授予本用户写权限，或用 --data 另选文件夹。</translation>
    </message>
    <message>
        <source>The disk is full: this act was not kept, all earlier ones are. Make room on the disk of the data folder; work goes on by itself.</source>
        <translation>磁盘已满：本次操作未保存，此前的均已保存。请在数据文件夹所在磁盘腾出空间，之后会自动恢复。</translation>
    </message>
    <message>
        <source>The store is locked by another program for too long. Nothing was changed; try again.</source>
        <translation>数据库被另一个程序锁定过久。未作任何更改，请重试。</translation>
    </message>
    <message>
        <source>The store {path} is read-only. Nothing was changed.</source>
        <translation>数据库 {path} 为只读。未作任何更改。</translation>
    </message>
    <message>
        <source>The store {path} is damaged on disk: {why}. Nothing was changed; keep the file and put the last backup in its place.</source>
        <translation>数据库 {path} 在磁盘上已损坏：{why}。未作任何改动；请保留该文件，并以最近的备份替换。</translation>
    </message>
    <message>
        <source>The store {path} reports: {why}</source>
        <translation>数据库 {path} 报告：{why}</translation>
    </message>
    <message>
        <source>There is no store in {folder}. Build one with: main.py init, or main.py demo.</source>
        <translation>{folder} 中没有数据库。可用 main.py init 建立，或用 main.py demo 生成演示库。</translation>
    </message>
    <message>
        <source>The data folder {folder} cannot be made: {why}</source>
        <translation>无法建立数据文件夹 {folder}：{why}</translation>
    </message>
    <message>
        <source>Looking at a camera needs a reason.</source>
        <translation>查看视频须填写理由。</translation>
    </message>
    <message>
        <source>{file}: {where}: expected {expected}</source>
        <translation>{file}：{where}：应为 {expected}</translation>
    </message>
    <message>
        <source>{file} cannot be read: {reason}</source>
        <translation>无法读取 {file}：{reason}</translation>
    </message>
    <message>
        <source>{file}: unknown key {key}</source>
        <translation>{file}：未知的键 {key}</translation>
    </message>
    <message>
        <source>{file}: key {key} is missing</source>
        <translation>{file}：缺少键 {key}</translation>
    </message>
    <message>
        <source>No code lists in {path}</source>
        <translation>{path} 中没有代码表</translation>
    </message>
    <message>
        <source>Verified: passed</source>
        <translation>核查通过</translation>
    </message>
    <message>
        <source>Your role may not look at cameras.</source>
        <translation>您的角色无权查看视频。</translation>
    </message>
    <message>
        <source>This camera is not marked for the wall.</source>
        <translation>该摄像机未标记为可上大屏。</translation>
    </message>
    <message>
        <source>This camera lies outside your area.</source>
        <translation>该摄像机不在您的辖区内。</translation>
    </message>
    <message>
        <source>The file could not be kept: {why}. Nothing else is lost; make room and try again.</source>
        <translation>文件未能保存：{why}。其他内容均未丢失；请腾出空间后重试。</translation>
    </message>
    <message>
        <source>Another program has been upgrading the store {path} for too long. Nothing was changed; try again.</source>
        <translation>另一个程序升级数据库 {path} 时间过长。未作任何更改，请重试。</translation>
    </message>
    <message>
        <source>The store {path} could not be made or upgraded: {why}. It is what it was before.</source>
        <translation>数据库 {path} 未能建立或升级：{why}。仍保持原样。</translation>
    </message>
    <message>
        <source>The store in {folder} was never quite founded. Found it again with: main.py init, or main.py demo; there is nothing in it.</source>
        <translation>{folder} 中的数据库当初未建立完成，里面没有任何数据。请用 main.py init 或 main.py demo 重新建立。</translation>
    </message>
    <message>
        <source>there is no such folder or file</source>
        <translation>没有这样的文件夹或文件</translation>
    </message>
    <message>
        <source>this user has no right to it</source>
        <translation>当前用户没有权限</translation>
    </message>
    <message>
        <source>a file of that name stands there</source>
        <translation>已有同名文件</translation>
    </message>
    <message>
        <source>a part of the path is a file and no folder</source>
        <translation>路径中有一段是文件而不是文件夹</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>它是文件夹</translation>
    </message>
    <message>
        <source>the disk is read-only</source>
        <translation>磁盘为只读</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <source>the name is too long</source>
        <translation>名称过长</translation>
    </message>
    <message>
        <source>too many files are open</source>
        <translation>打开的文件过多</translation>
    </message>
    <message>
        <source>the disk does not answer</source>
        <translation>磁盘无响应</translation>
    </message>
    <message>
        <source>{folder} is a file; --data names a folder.</source>
        <translation>{folder} 是文件；--data 应指明文件夹。</translation>
    </message>
    <message>
        <source>The file {path} holds personal data and cannot be removed: {why}</source>
        <translation>文件 {path} 含有个人信息，无法移除：{why}</translation>
    </message>
    <message>
        <source>Without an incident only a supervisor or duty leader may keep a still as a file.</source>
        <translation>未关联事件时，仅值班长或带班领导可将截图存为文件。</translation>
    </message>
    <message>
        <source>Only a supervisor or duty leader may change a camera's presets.</source>
        <translation>只有值班主管或带班领导可以更改预置位。</translation>
    </message>
    <message>
        <source>Only a supervisor or duty leader may change what is covered in a picture.</source>
        <translation>只有值班主管或带班领导可以更改画面遮挡。</translation>
    </message>
    <message>
        <source>There is no such camera any more.</source>
        <translation>该摄像机已不在名单中。</translation>
    </message>
</context>
</TS>
