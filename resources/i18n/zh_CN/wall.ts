<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>wall</name>
    <message>
        <source> and {n} more</source>
        <translation> 等（另 {n}）</translation>
    </message>
    <message>
        <source> since {time}</source>
        <translation>（{time} 起）</translation>
    </message>
    <message>
        <source>+{n} more</source>
        <translation>另有 {n}</translation>
    </message>
    <message>
        <source>+{n} more in force</source>
        <translation>另有 {n} 条生效</translation>
    </message>
    <message>
        <source>+{n} more, {open} open there</source>
        <translation>另有 {n} 个，在办 {open} 件</translation>
    </message>
    <message>
        <source>, {d} m to go</source>
        <translation>，最近 {d} 米</translation>
    </message>
    <message>
        <source>, {n} on the way</source>
        <translation>，途中 {n}</translation>
    </message>
    <message>
        <source>; not {services}</source>
        <translation>；未转 {services}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>待受理</translation>
    </message>
    <message>
        <source>Apr</source>
        <translation>4月</translation>
    </message>
    <message>
        <source>Areas</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Assign</source>
        <translation>待分拨</translation>
    </message>
    <message>
        <source>Aug</source>
        <translation>8月</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>退回</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>蓝色</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>结案率</translation>
    </message>
    <message>
        <source>Closed on time</source>
        <translation>按期结案</translation>
    </message>
    <message>
        <source>Communities: {up} of {n} on line</source>
        <translation>社区中心 在线 {up}/{n}</translation>
    </message>
    <message>
        <source>Communities: {up} of {n} on line, {unknown} unknown</source>
        <translation>社区中心 在线 {up}/{n} · 未知 {unknown}</translation>
    </message>
    <message>
        <source>DEMO</source>
        <translation>演示</translation>
    </message>
    <message>
        <source>DRILL</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>Dec</source>
        <translation>12月</translation>
    </message>
    <message>
        <source>Departments work by the wartime duty list until one is started at the desk.</source>
        <translation>坐席启动预案前，各部门按战时值班表执行。</translation>
    </message>
    <message>
        <source>Duty leader</source>
        <translation>带班领导</translation>
    </message>
    <message>
        <source>En route</source>
        <translation>途中</translation>
    </message>
    <message>
        <source>Feb</source>
        <translation>2月</translation>
    </message>
    <message>
        <source>Forces</source>
        <translation>力量</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>Fri</source>
        <translation>周五</translation>
    </message>
    <message>
        <source>In hand</source>
        <translation>处置中</translation>
    </message>
    <message>
        <source>Jan</source>
        <translation>1月</translation>
    </message>
    <message>
        <source>Jul</source>
        <translation>7月</translation>
    </message>
    <message>
        <source>Jun</source>
        <translation>6月</translation>
    </message>
    <message>
        <source>Mar</source>
        <translation>3月</translation>
    </message>
    <message>
        <source>May</source>
        <translation>5月</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>还差</translation>
    </message>
    <message>
        <source>Mon</source>
        <translation>周一</translation>
    </message>
    <message>
        <source>NO CONNECTION</source>
        <translation>连接中断</translation>
    </message>
    <message>
        <source>NO CONNECTION since {time}</source>
        <translation>连接中断 · {time} 起</translation>
    </message>
    <message>
        <source>No centre has reported yet</source>
        <translation>各级中心均未上报</translation>
    </message>
    <message>
        <source>No event yet today</source>
        <translation>今日暂无动态</translation>
    </message>
    <message>
        <source>No hub is set up: this centre works alone</source>
        <translation>未配置中心服务器，本中心单独运行</translation>
    </message>
    <message>
        <source>No plan is in force</source>
        <translation>无预案启动</translation>
    </message>
    <message>
        <source>Nothing is under supervision</source>
        <translation>无督办件</translation>
    </message>
    <message>
        <source>Nothing urgent, nothing overdue</source>
        <translation>无紧急件，无超期件</translation>
    </message>
    <message>
        <source>Nov</source>
        <translation>11月</translation>
    </message>
    <message>
        <source>Oct</source>
        <translation>10月</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>离岗</translation>
    </message>
    <message>
        <source>On post</source>
        <translation>在岗</translation>
    </message>
    <message>
        <source>On scene</source>
        <translation>到场</translation>
    </message>
    <message>
        <source>On time</source>
        <translation>按期处置</translation>
    </message>
    <message>
        <source>Open by phase</source>
        <translation>在办流程</translation>
    </message>
    <message>
        <source>Orange</source>
        <translation>橙色</translation>
    </message>
    <message>
        <source>Peacetime</source>
        <translation>平时</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>预案清单</translation>
    </message>
    <message>
        <source>Rates</source>
        <translation>办理质效</translation>
    </message>
    <message>
        <source>Red</source>
        <translation>红色</translation>
    </message>
    <message>
        <source>Sat</source>
        <translation>周六</translation>
    </message>
    <message>
        <source>Satisfied</source>
        <translation>群众满意</translation>
    </message>
    <message>
        <source>Sensitive matter</source>
        <translation>涉敏事项</translation>
    </message>
    <message>
        <source>Sep</source>
        <translation>9月</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>待签收</translation>
    </message>
    <message>
        <source>Streets and townships</source>
        <translation>街道（乡镇）</translation>
    </message>
    <message>
        <source>Sun</source>
        <translation>周日</translation>
    </message>
    <message>
        <source>Supervised</source>
        <translation>督办</translation>
    </message>
    <message>
        <source>Supervisor</source>
        <translation>值班长</translation>
    </message>
    <message>
        <source>Taken in today</source>
        <translation>今日受理</translation>
    </message>
    <message>
        <source>Three levels linked 1+9+40</source>
        <translation>三级联动 1+9+40</translation>
    </message>
    <message>
        <source>Thu</source>
        <translation>周四</translation>
    </message>
    <message>
        <source>Today by hour</source>
        <translation>今日分时</translation>
    </message>
    <message>
        <source>Told</source>
        <translation>已转</translation>
    </message>
    <message>
        <source>Tue</source>
        <translation>周二</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>失联</translation>
    </message>
    <message>
        <source>Urgent I-III and overdue</source>
        <translation>紧急（Ⅰ–Ⅲ级）与超期</translation>
    </message>
    <message>
        <source>Urgent and overdue</source>
        <translation>紧急与超期</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>待核查</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>Wall</source>
        <translation>指挥大屏</translation>
    </message>
    <message>
        <source>Reported</source>
        <translation>上报</translation>
    </message>
    <message>
        <source>Found and fixed</source>
        <translation>自办自结</translation>
    </message>
    <message>
        <source>Checked on site</source>
        <translation>现场核实</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>受理</translation>
    </message>
    <message>
        <source>Assigned</source>
        <translation>分拨</translation>
    </message>
    <message>
        <source>Recalled</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Signed for</source>
        <translation>签收</translation>
    </message>
    <message>
        <source>Fed back</source>
        <translation>反馈</translation>
    </message>
    <message>
        <source>Returned</source>
        <translation>退回</translation>
    </message>
    <message>
        <source>Verified</source>
        <translation>核查通过</translation>
    </message>
    <message>
        <source>To be redone</source>
        <translation>返工</translation>
    </message>
    <message>
        <source>Closed now</source>
        <translation>办结</translation>
    </message>
    <message>
        <source>Evaluated</source>
        <translation>评价</translation>
    </message>
    <message>
        <source>Chased</source>
        <translation>催办</translation>
    </message>
    <message>
        <source>On hold</source>
        <translation>挂账</translation>
    </message>
    <message>
        <source>Resumed</source>
        <translation>恢复办理</translation>
    </message>
    <message>
        <source>Raised</source>
        <translation>提级</translation>
    </message>
    <message>
        <source>Merged</source>
        <translation>合并</translation>
    </message>
    <message>
        <source>Void</source>
        <translation>作废</translation>
    </message>
    <message>
        <source>Closed by force</source>
        <translation>强制结案</translation>
    </message>
    <message>
        <source>Reopened</source>
        <translation>重新办理</translation>
    </message>
    <message>
        <source>Corrected</source>
        <translation>更正</translation>
    </message>
    <message>
        <source>More time asked</source>
        <translation>申请延时</translation>
    </message>
    <message>
        <source>More time granted</source>
        <translation>同意延时</translation>
    </message>
    <message>
        <source>More time refused</source>
        <translation>驳回延时</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>Video beside: {kind}</source>
        <translation>视频 · {kind}周边</translation>
    </message>
    <message>
        <source>Wartime</source>
        <translation>战时</translation>
    </message>
    <message>
        <source>Wed</source>
        <translation>周三</translation>
    </message>
    <message>
        <source>With</source>
        <translation>处置力量</translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation>黄色</translation>
    </message>
    <message>
        <source>all links up</source>
        <translation>各中心同步正常</translation>
    </message>
    <message>
        <source>catching up, {n} behind</source>
        <translation>正在追赶，落后 {n}</translation>
    </message>
    <message>
        <source>data {age}</source>
        <translation>数据 {age}</translation>
    </message>
    <message>
        <source>duty roster not connected</source>
        <translation>值班表 未接入</translation>
    </message>
    <message>
        <source>for {areas}</source>
        <translation>影响 {areas}</translation>
    </message>
    <message>
        <source>hub not reached, {n} waiting to be sent</source>
        <translation>中心服务器未连通，待发 {n}</translation>
    </message>
    <message>
        <source>incidents an hour</source>
        <translation>件 / 小时</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>刚刚</translation>
    </message>
    <message>
        <source>neither 110, 119 nor 120</source>
        <translation>110、119、120 均未转</translation>
    </message>
    <message>
        <source>no areas are imported yet</source>
        <translation>尚未导入区划</translation>
    </message>
    <message>
        <source>no camera is released for the wall</source>
        <translation>无摄像机授权上墙</translation>
    </message>
    <message>
        <source>no connection to the seat · data of {time}</source>
        <translation>与席位断开 · 数据截至 {time}</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>无人</translation>
    </message>
    <message>
        <source>nobody signed in</source>
        <translation>未签到</translation>
    </message>
    <message>
        <source>nobody yet</source>
        <translation>尚无人处置</translation>
    </message>
    <message>
        <source>nobody; {n} not signed for</source>
        <translation>无人；{n} 个未签收</translation>
    </message>
    <message>
        <source>none yet</source>
        <translation>暂无</translation>
    </message>
    <message>
        <source>none told</source>
        <translation>均未转</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>未接入</translation>
    </message>
    <message>
        <source>not yet, {n} on the way</source>
        <translation>未到场，途中 {n}</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>open · overdue</source>
        <translation>在办 · 超期</translation>
    </message>
    <message>
        <source>open · overdue · on time</source>
        <translation>在办 · 超期 · 按期率</translation>
    </message>
    <message>
        <source>outside every grid</source>
        <translation>网格外</translation>
    </message>
    <message>
        <source>patrol</source>
        <translation>轮巡</translation>
    </message>
    <message>
        <source>patrol {page} of {pages}</source>
        <translation>轮巡 {page}/{pages}</translation>
    </message>
    <message>
        <source>received {age}</source>
        <translation>{age}收到</translation>
    </message>
    <message>
        <source>reported {time}</source>
        <translation>{time} 报</translation>
    </message>
    <message>
        <source>reported {time}, {age}</source>
        <translation>{time} 报 · {age}</translation>
    </message>
    <message>
        <source>single seat, no hub</source>
        <translation>单席运行，未设中心服务器</translation>
    </message>
    <message>
        <source>this month</source>
        <translation>本月</translation>
    </message>
    <message>
        <source>turned by itself</source>
        <translation>自动联动</translation>
    </message>
    <message>
        <source>until {time}</source>
        <translation>至 {time}</translation>
    </message>
    <message>
        <source>waiting for data</source>
        <translation>等待数据</translation>
    </message>
    <message>
        <source>{age} running</source>
        <translation>已 {age}</translation>
    </message>
    <message>
        <source>{colour} warning {roman}</source>
        <translation>{roman} 级{colour}预警</translation>
    </message>
    <message>
        <source>{day} {month} {year}</source>
        <translation>{year}年{month}{day}日</translation>
    </message>
    <message>
        <source>{n} by this time yesterday</source>
        <translation>昨日同时段 {n}</translation>
    </message>
    <message>
        <source>{n} d</source>
        <translation>{n} 天</translation>
    </message>
    <message>
        <source>{n} d ago</source>
        <translation>{n} 天前</translation>
    </message>
    <message>
        <source>{n} h</source>
        <translation>{n} 小时</translation>
    </message>
    <message>
        <source>{n} h ago</source>
        <translation>{n} 小时前</translation>
    </message>
    <message>
        <source>{n} known</source>
        <translation>共 {n}</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} 分</translation>
    </message>
    <message>
        <source>{n} min ago</source>
        <translation>{n} 分前</translation>
    </message>
    <message>
        <source>{n} not taken</source>
        <translation>未受理 {n}</translation>
    </message>
    <message>
        <source>{n} open</source>
        <translation>{n} 件</translation>
    </message>
    <message>
        <source>{n} overdue</source>
        <translation>超期 {n}</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} 秒</translation>
    </message>
    <message>
        <source>{n} s ago</source>
        <translation>{n} 秒前</translation>
    </message>
    <message>
        <source>{n} there</source>
        <translation>{n} 个在场</translation>
    </message>
    <message>
        <source>{n} units</source>
        <translation>{n} 个力量</translation>
    </message>
    <message>
        <source>{n} things</source>
        <translation>{n} 项</translation>
    </message>
    <message>
        <source>{n} waiting to be sent</source>
        <translation>待发 {n}</translation>
    </message>
    <message>
        <source>{period}, since {day}</source>
        <translation>{period} · {day} 起</translation>
    </message>
    <message>
        <source>{service} at {time}</source>
        <translation>{service}（{time}）</translation>
    </message>
    <message>
        <source>{source}, issued {time}</source>
        <translation>{source} {time} 发布</translation>
    </message>
    <message>
        <source>{up} of {n} on line</source>
        <translation>在线 {up}/{n}</translation>
    </message>
    <message>
        <source>Video: {name}</source>
        <translation>视频：{name}</translation>
    </message>
    <message>
        <source>{n} passed over</source>
        <translation>跳过 {n} 路</translation>
    </message>
    <message>
        <source>hub never reached, {n} waiting to be sent</source>
        <translation>从未连通中心服务器，{n} 条待上传</translation>
    </message>
    <message>
        <source>hub not reached since {time}, {n} waiting to be sent</source>
        <translation>{time} 起与中心服务器断开，{n} 条待上传</translation>
    </message>
    <message>
        <source>clock {s} s off · </source>
        <translation>时钟偏差 {s} 秒 · </translation>
    </message>
    <message>
        <source>{open} · whistles {n}, {late} late</source>
        <translation>{open} · 吹哨 {n} 件，超时 {late}</translation>
    </message>
    <message>
        <source>Communities: {up} of {n} on line, {silent} silent, {unknown} never heard</source>
        <translation>社区中心：在线 {up} / {n}，失联 {silent}，从未接入 {unknown}</translation>
    </message>
    <message>
        <source>exchange by files, {n} waiting to be sent</source>
        <translation>用文件交换，{n} 条待发</translation>
    </message>
    <message>
        <source>visitors: blurred</source>
        <translation>参观模式·已模糊</translation>
    </message>
    <message>
        <source>{name} (not signed in)</source>
        <translation>{name}（未签到）</translation>
    </message>
    <message>
        <source>{name} (not in)</source>
        <translation>{name}（未签到）</translation>
    </message>
    <message>
        <source>{name} (to be relieved)</source>
        <translation>{name}（待接班）</translation>
    </message>
    <message>
        <source>{name} (waits to be relieved)</source>
        <translation>{name}（待接班）</translation>
    </message>
    <message>
        <source>open · late · on time</source>
        <translation>在办 · 超期 · 按期率</translation>
    </message>
</context>
</TS>
