<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>cameras</name>
    <message>
        <source>Looking for cameras nearby</source>
        <translation>正在查找周边摄像机</translation>
    </message>
    <message>
        <source>No camera within {n} m.</source>
        <translation>{n} 米内无摄像机。</translation>
    </message>
    <message>
        <source>Select an incident to see the cameras beside it.</source>
        <translation>选中事件后显示周边视频。</translation>
    </message>
    <message>
        <source>The incident has no point on the map yet.</source>
        <translation>该事件尚无坐标。</translation>
    </message>
    <message>
        <source>Viewing is recorded with your name and this incident.</source>
        <translation>查看已记录（人员、事件）。</translation>
    </message>
    <message>
        <source>beside an incident</source>
        <translation>查看事件周边</translation>
    </message>
    <message>
        <source>wall: beside an incident</source>
        <translation>大屏：事件周边</translation>
    </message>
    <message>
        <source>wall: patrol</source>
        <translation>大屏：轮巡</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>cut off · reconnecting {n}</source>
        <translation>断流 · 正在重连 {n}</translation>
    </message>
    <message>
        <source>demo footage</source>
        <translation>演示画面</translation>
    </message>
    <message>
        <source>drill footage</source>
        <translation>演练画面</translation>
    </message>
    <message>
        <source>live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>live, key frames</source>
        <translation>实时（关键帧）</translation>
    </message>
    <message>
        <source>live, snapshots</source>
        <translation>实时（抓拍）</translation>
    </message>
    <message>
        <source>recording</source>
        <translation>录像</translation>
    </message>
    <message>
        <source>no camera</source>
        <translation>无摄像机</translation>
    </message>
    <message>
        <source>no more nearby</source>
        <translation>周边无更多摄像机</translation>
    </message>
    <message>
        <source>no right to look</source>
        <translation>无权查看</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>未接入</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>still</source>
        <translation>静态</translation>
    </message>
    <message>
        <source>unsupported</source>
        <translation>格式不支持</translation>
    </message>
    <message>
        <source>{n} km</source>
        <translation>{n} 公里</translation>
    </message>
    <message>
        <source>{n} m</source>
        <translation>{n} 米</translation>
    </message>
    <message>
        <source>{n} s ago</source>
        <translation>{n} 秒前</translation>
    </message>
    <message>
        <source>{n} s late</source>
        <translation>延时 {n} 秒</translation>
    </message>
    <message>
        <source>no picture · attempt {n}</source>
        <translation>无画面 · 重试 {n}</translation>
    </message>
    <message>
        <source>{mode}, kept</source>
        <translation>{mode}·已固定</translation>
    </message>
    <message>
        <source>visitors: blurred</source>
        <translation>参观模式·已模糊</translation>
    </message>
    <message>
        <source>partly masked</source>
        <translation>局部已遮蔽</translation>
    </message>
    <message>
        <source>wall: named wall</source>
        <translation>大屏：命名视频墙</translation>
    </message>
    <message>
        <source>why do you look?</source>
        <translation>请填写查看事由</translation>
    </message>
    <message>
        <source>refused · attempt {n}</source>
        <translation>被拒绝 · 第 {n} 次重试</translation>
    </message>
    <message>
        <source>no such host · attempt {n}</source>
        <translation>主机不存在 · 第 {n} 次重试</translation>
    </message>
    <message>
        <source>no answer · attempt {n}</source>
        <translation>无应答 · 第 {n} 次重试</translation>
    </message>
    <message>
        <source>broken off · attempt {n}</source>
        <translation>连接中断 · 第 {n} 次重试</translation>
    </message>
    <message>
        <source>asking for presets</source>
        <translation>正在查询预置位</translation>
    </message>
    <message>
        <source>no presets</source>
        <translation>没有预置位</translation>
    </message>
    <message>
        <source>goes to preset {name}</source>
        <translation>转到预置位 {name}</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>预置位</translation>
    </message>
    <message>
        <source>turn left</source>
        <translation>左转</translation>
    </message>
    <message>
        <source>turn right</source>
        <translation>右转</translation>
    </message>
    <message>
        <source>tilt up</source>
        <translation>上仰</translation>
    </message>
    <message>
        <source>tilt down</source>
        <translation>下俯</translation>
    </message>
    <message>
        <source>zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>turn the camera</source>
        <translation>云台控制</translation>
    </message>
</context>
<context>
    <name>text</name>
    <message>
        <source>not connected</source>
        <translation>未接入</translation>
    </message>
    <message>
        <source>{kind} streams are not connected</source>
        <translation>{kind} 流未接入</translation>
    </message>
    <message>
        <source>{kind} files are not shown</source>
        <translation>不支持 {kind} 文件</translation>
    </message>
    <message>
        <source>the file {name} is missing</source>
        <translation>文件 {name} 不存在</translation>
    </message>
    <message>
        <source>the folder {name} holds no pictures</source>
        <translation>文件夹 {name} 中无图片</translation>
    </message>
    <message>
        <source>the picture {name} is too large</source>
        <translation>图片 {name} 过大</translation>
    </message>
    <message>
        <source>the picture {name} cannot be read</source>
        <translation>图片 {name} 无法读取</translation>
    </message>
    <message>
        <source>none of the pictures can be read</source>
        <translation>图片均无法读取</translation>
    </message>
</context>
</TS>
