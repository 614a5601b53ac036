<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>incident</name>
    <message>
        <source>Less</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>More ({n})</source>
        <translation>更多（{n}）</translation>
    </message>
    <message>
        <source>position {age} old</source>
        <translation>位置 {age}前</translation>
    </message>
    <message>
        <source>chased {n}×</source>
        <translation>催办 {n} 次</translation>
    </message>
    <message>
        <source>Merged here: {n}</source>
        <translation>并入本件：{n}</translation>
    </message>
    <message>
        <source>Merged into another one; work goes on there:</source>
        <translation>已并入另一件，在那里继续办理：</translation>
    </message>
    <message>
        <source>lead</source>
        <translation>主办</translation>
    </message>
    <message>
        <source>help</source>
        <translation>协办</translation>
    </message>
    <message>
        <source>reporter erased</source>
        <translation>反映人信息已删除</translation>
    </message>
    <message>
        <source>reporter unknown</source>
        <translation>反映人未知</translation>
    </message>
    <message>
        <source>Source {channel}</source>
        <translation>来源 {channel}</translation>
    </message>
    <message>
        <source>reported {at} ({age} ago)</source>
        <translation>上报 {at}（{age}前）</translation>
    </message>
    <message>
        <source>imported verdict: on time</source>
        <translation>原系统判定：按期</translation>
    </message>
    <message>
        <source>imported verdict: overdue</source>
        <translation>原系统判定：超期</translation>
    </message>
    <message>
        <source>satisfied</source>
        <translation>满意</translation>
    </message>
    <message>
        <source>fairly satisfied</source>
        <translation>基本满意</translation>
    </message>
    <message>
        <source>unsatisfied</source>
        <translation>不满意</translation>
    </message>
    <message>
        <source>not reached</source>
        <translation>未联系上</translation>
    </message>
    <message>
        <source> · dedicated grid</source>
        <translation> · 专属网格</translation>
    </message>
    <message>
        <source>their number {number}</source>
        <translation>对方编号 {number}</translation>
    </message>
    <message>
        <source>returned {n}×</source>
        <translation>退回 {n} 次</translation>
    </message>
    <message>
        <source>reworked {n}×</source>
        <translation>返工 {n} 次</translation>
    </message>
    <message>
        <source>call-back: {answer}</source>
        <translation>回访：{answer}</translation>
    </message>
    <message>
        <source> … ({n} more characters)</source>
        <translation> …（还有 {n} 字）</translation>
    </message>
    <message>
        <source>No place given</source>
        <translation>未说明地点</translation>
    </message>
    <message>
        <source>No point on the map yet</source>
        <translation>尚未在地图上定点</translation>
    </message>
    <message>
        <source>In their words: “{words}”</source>
        <translation>反映人原话：“{words}”</translation>
    </message>
    <message>
        <source> and {n} more</source>
        <translation> 等，另有 {n} 人</translation>
    </message>
    <message>
        <source>Reporter {who}</source>
        <translation>反映人 {who}</translation>
    </message>
    <message>
        <source>Still missing: {what}</source>
        <translation>还缺：{what}</translation>
    </message>
    <message>
        <source>Merged into {number}</source>
        <translation>已并入 {number}</translation>
    </message>
    <message>
        <source>Time limit: {why}</source>
        <translation>时限依据：{why}</translation>
    </message>
    <message>
        <source>{service} not told</source>
        <translation>{service} 未告知</translation>
    </message>
    <message>
        <source>In no grid: the point lies outside every area</source>
        <translation>不在任何网格内：该点在所有区域之外</translation>
    </message>
    <message>
        <source>{service} told {at}</source>
        <translation>{service} 已告知 {at}</translation>
    </message>
    <message>
        <source>Cancel  Esc</source>
        <translation>取消  Esc</translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation>正在发送…</translation>
    </message>
    <message>
        <source>Not done: {reason} What you typed is kept.</source>
        <translation>未办成：{reason}已填内容保留。</translation>
    </message>
    <message>
        <source>{label} (may be left out)</source>
        <translation>{label}（可不填）</translation>
    </message>
    <message>
        <source>{act}  Enter</source>
        <translation>{act}  回车</translation>
    </message>
    <message>
        <source>This can't be taken back. Enter again: do it. Esc: don't.</source>
        <translation>此操作不可撤销。再按回车执行，Esc 放弃。</translation>
    </message>
    <message>
        <source>{label}: {problem}</source>
        <translation>{label}：{problem}</translation>
    </message>
    <message>
        <source>{label} is needed</source>
        <translation>请填写{label}</translation>
    </message>
    <message>
        <source>Yes, {act}  Enter</source>
        <translation>确认{act}  回车</translation>
    </message>
    <message>
        <source>.</source>
        <translation>。</translation>
    </message>
    <message>
        <source>left {left} / {total}</source>
        <translation>剩余 {left} / {total}</translation>
    </message>
    <message>
        <source>No incident is selected. Pick one in the queue or on the map; F2 takes a call.</source>
        <translation>未选中事件。请在队列或地图上选择；F2 接报。</translation>
    </message>
    <message>
        <source>This incident could not be read: {why} Nothing was lost; it is tried again when something changes.</source>
        <translation>读不到该事件：{why} 数据没有丢失，有变化时会再次读取。</translation>
    </message>
    <message>
        <source>Shown as it was before: {why}</source>
        <translation>显示的是之前的内容：{why}</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>not possible in this phase</source>
        <translation>当前阶段不能办理</translation>
    </message>
    <message>
        <source>{act}: {why}</source>
        <translation>{act}：{why}</translation>
    </message>
    <message>
        <source>Sending: {what}</source>
        <translation>正在发送：{what}</translation>
    </message>
    <message>
        <source>Not done: {why}</source>
        <translation>未办成：{why}</translation>
    </message>
    <message>
        <source>load {n}</source>
        <translation>手头 {n} 件</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>读取中</translation>
    </message>
    <message>
        <source>no picture</source>
        <translation>不是图片</translation>
    </message>
    <message>
        <source>✕ {name}: {why}</source>
        <translation>✕ {name}：{why}</translation>
    </message>
    <message>
        <source>No recommendation: {why} Forces can be picked by hand (D).</source>
        <translation>无法推荐：{why} 可按 D 手动选择。</translation>
    </message>
    <message>
        <source>{n} min away</source>
        <translation>约 {n} 分</translation>
    </message>
    <message>
        <source>{age} ago</source>
        <translation>{age}前</translation>
    </message>
    <message>
        <source>distance unknown</source>
        <translation>距离未知</translation>
    </message>
    <message>
        <source>Forces are recommended when an incident is selected.</source>
        <translation>选中事件后在此推荐力量。</translation>
    </message>
    <message>
        <source>Looking for forces…</source>
        <translation>正在查找力量…</translation>
    </message>
    <message>
        <source>No force is free with a known position. Pick one by hand (D), or ask the next level (I).</source>
        <translation>没有位置已知的空闲力量。可按 D 手动选择，或按 I 提级。</translation>
    </message>
    <message>
        <source>{name} was not assigned: {why}</source>
        <translation>未能分拨 {name}：{why}</translation>
    </message>
    <message>
        <source>Recommended forces</source>
        <translation>推荐力量</translation>
    </message>
    <message>
        <source>Enter or double click: assign. Shift+Enter: as help.</source>
        <translation>回车或双击分拨，Shift+回车派为协办。</translation>
    </message>
    <message>
        <source>can go {n} · passed over {m}</source>
        <translation>可派 {n} · 不推荐 {m}</translation>
    </message>
    <message>
        <source>seat {seat}</source>
        <translation>席位 {seat}</translation>
    </message>
    <message>
        <source>The timeline could not be read: {why} Nothing is lost.</source>
        <translation>读不到办理过程：{why} 数据没有丢失。</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>办理过程</translation>
    </message>
    <message>
        <source>overtaken</source>
        <translation>已被取代</translation>
    </message>
    <message>
        <source>refused by the hub: {why}</source>
        <translation>中心服务器拒收：{why}</translation>
    </message>
    <message>
        <source>not yet sent</source>
        <translation>尚未发送</translation>
    </message>
    <message>
        <source>Photos: {n}</source>
        <translation>照片 {n} 张</translation>
    </message>
    <message>
        <source>No incident is selected.</source>
        <translation>未选中事件。</translation>
    </message>
    <message>
        <source>Nothing has been done yet.</source>
        <translation>尚无办理记录。</translation>
    </message>
    <message>
        <source>not yet sent: {n}</source>
        <translation>尚未发送 {n}</translation>
    </message>
    <message>
        <source>who · when · where</source>
        <translation>谁 · 何时 · 何处</translation>
    </message>
    <message>
        <source>free</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>going</source>
        <translation>途中</translation>
    </message>
    <message>
        <source>on scene</source>
        <translation>到场</translation>
    </message>
    <message>
        <source>off</source>
        <translation>离岗</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>not signed for</source>
        <translation>未签收</translation>
    </message>
    <message>
        <source>signed for</source>
        <translation>已签收</translation>
    </message>
    <message>
        <source>en route</source>
        <translation>途中</translation>
    </message>
    <message>
        <source>fed back</source>
        <translation>已反馈</translation>
    </message>
    <message>
        <source>returned</source>
        <translation>已退回</translation>
    </message>
    <message>
        <source>recalled</source>
        <translation>已收回</translation>
    </message>
    <message>
        <source>desk</source>
        <translation>席位</translation>
    </message>
    <message>
        <source>wall</source>
        <translation>大屏</translation>
    </message>
    <message>
        <source>phone</source>
        <translation>手机</translation>
    </message>
    <message>
        <source>command line</source>
        <translation>命令行</translation>
    </message>
    <message>
        <source>intake</source>
        <translation>接入</translation>
    </message>
    <message>
        <source>scenario</source>
        <translation>演示脚本</translation>
    </message>
    <message>
        <source>import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>supervised</source>
        <translation>督办</translation>
    </message>
    <message>
        <source>raised</source>
        <translation>已提级</translation>
    </message>
    <message>
        <source>held</source>
        <translation>挂账</translation>
    </message>
    <message>
        <source>needs an arbiter</source>
        <translation>待裁决</translation>
    </message>
    <message>
        <source>extension asked</source>
        <translation>申请延时</translation>
    </message>
    <message>
        <source>extended</source>
        <translation>已延时</translation>
    </message>
    <message>
        <source>reworked</source>
        <translation>返工</translation>
    </message>
    <message>
        <source>chased</source>
        <translation>已催办</translation>
    </message>
    <message>
        <source>sensitive</source>
        <translation>敏感</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>导入件</translation>
    </message>
    <message>
        <source>nobody has taken it</source>
        <translation>无人受理</translation>
    </message>
    <message>
        <source>This incident has ended: nobody needs to go.</source>
        <translation>事件已结束，无需推荐力量。</translation>
    </message>
    <message>
        <source>to be confirmed</source>
        <translation>待确认</translation>
    </message>
    <message>
        <source>On its way from {from} to {to}, which has not signed for it yet ({at})</source>
        <translation>由{from}转往{to}，对方尚未签收（{at}）</translation>
    </message>
    <message>
        <source>Passed from {from}; {to} signed for it ({at})</source>
        <translation>由{from}转来，{to}已签收（{at}）</translation>
    </message>
    <message>
        <source>{to} gave it back to {from} ({at})</source>
        <translation>{to}已退回{from}（{at}）</translation>
    </message>
    <message>
        <source>{from} took it back from {to} ({at})</source>
        <translation>{from}已从{to}撤回（{at}）</translation>
    </message>
    <message>
        <source>It ended before {to} signed for it</source>
        <translation>{to}签收前事件已结束</translation>
    </message>
    <message>
        <source> · passed {n}×</source>
        <translation> · 转办 {n} 次</translation>
    </message>
    <message>
        <source> · it may not be given back</source>
        <translation> · 不得退回</translation>
    </message>
    <message>
        <source>not here yet</source>
        <translation>尚未到达</translation>
    </message>
    <message>
        <source>not here yet, {mb} MB</source>
        <translation>尚未到达，{mb} MB</translation>
    </message>
    <message>
        <source>{name} can no longer go ({why}): pick again.</source>
        <translation>{name} 已不能前往（{why}），请重新选择。</translation>
    </message>
    <message>
        <source>{name} can no longer go: pick again.</source>
        <translation>{name} 已不能前往，请重新选择。</translation>
    </message>
    <message>
        <source>Show less</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>Show all ({n} more characters)</source>
        <translation>展开全文（还有 {n} 字）</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>展开全文</translation>
    </message>
    <message>
        <source> · not signed for in time: {time} over</source>
        <translation> · 超时未签收：已超 {time}</translation>
    </message>
</context>
<context>
    <name>text</name>
    <message>
        <source>Report</source>
        <translation>上报</translation>
    </message>
    <message>
        <source>Take an incident in. It is kept from the first word on.</source>
        <translation>登记事件，从第一个字起就保存。</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>级别</translation>
    </message>
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
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>情况描述</translation>
    </message>
    <message>
        <source>Point</source>
        <translation>坐标</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Found and fixed</source>
        <translation>自办自结</translation>
    </message>
    <message>
        <source>A grid worker found, fixed and logged it in one step; a sample is checked.</source>
        <translation>网格员发现、处置、记录一步完成，抽样核查。</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>处置结果</translation>
    </message>
    <message>
        <source>Check on site</source>
        <translation>现场核实</translation>
    </message>
    <message>
        <source>Before acceptance: is it so on the spot? True, false alarm, or cannot tell.</source>
        <translation>受理前现场核实：属实、误报或无法判断。</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>核实结论</translation>
    </message>
    <message>
        <source>finding.true</source>
        <translation>属实</translation>
    </message>
    <message>
        <source>finding.false</source>
        <translation>误报</translation>
    </message>
    <message>
        <source>finding.unknown</source>
        <translation>无法判断</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>受理</translation>
    </message>
    <message>
        <source>Give number, kind, level, grid; both clocks start.</source>
        <translation>定编号、类型、级别、网格，两个时限开始计时。</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>Assign</source>
        <translation>分拨</translation>
    </message>
    <message>
        <source>Give it to a force or a department; the first is the lead, further ones help.</source>
        <translation>派给力量或部门；第一个为主办，其余协办。</translation>
    </message>
    <message>
        <source>Force or department</source>
        <translation>力量或部门</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>分工</translation>
    </message>
    <message>
        <source>part.lead</source>
        <translation>主办</translation>
    </message>
    <message>
        <source>part.help</source>
        <translation>协办</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>收回</translation>
    </message>
    <message>
        <source>Take an assignment back; the incident waits for another one.</source>
        <translation>收回派单，事件等待重新分拨。</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Sign for</source>
        <translation>签收</translation>
    </message>
    <message>
        <source>The force signs for the order.</source>
        <translation>力量签收派单。</translation>
    </message>
    <message>
        <source>En route</source>
        <translation>途中</translation>
    </message>
    <message>
        <source>On scene</source>
        <translation>到场</translation>
    </message>
    <message>
        <source>Feed back</source>
        <translation>反馈</translation>
    </message>
    <message>
        <source>The result with photos. The lead's answer sends the incident to verification.</source>
        <translation>处置结果和照片。主办反馈后进入核查。</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>退回</translation>
    </message>
    <message>
        <source>Give an order back with its basis. The clock runs on; after three returns an arbiter decides.</source>
        <translation>说明依据退回派单，计时不停；退回三次后由上级裁决。</translation>
    </message>
    <message>
        <source>Basis</source>
        <translation>依据</translation>
    </message>
    <message>
        <source>Verify: passed</source>
        <translation>核查通过</translation>
    </message>
    <message>
        <source>Somebody other than the handler finds it done.</source>
        <translation>由处置人以外的人确认已办好。</translation>
    </message>
    <message>
        <source>Rework</source>
        <translation>返工</translation>
    </message>
    <message>
        <source>Not done: back to the lead, counted.</source>
        <translation>未办好：退回主办，计入返工。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>办结</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>评价</translation>
    </message>
    <message>
        <source>Call back who reported it, and score.</source>
        <translation>回访反映人并评分。</translation>
    </message>
    <message>
        <source>Satisfaction</source>
        <translation>满意度</translation>
    </message>
    <message>
        <source>satisfaction.satisfied</source>
        <translation>满意</translation>
    </message>
    <message>
        <source>satisfaction.fair</source>
        <translation>基本满意</translation>
    </message>
    <message>
        <source>satisfaction.unsatisfied</source>
        <translation>不满意</translation>
    </message>
    <message>
        <source>satisfaction.not_reached</source>
        <translation>未联系上</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Chase</source>
        <translation>催办</translation>
    </message>
    <message>
        <source>The phone of the force rings again.</source>
        <translation>力量的手机再次响铃。</translation>
    </message>
    <message>
        <source>Tell 110/119/120</source>
        <translation>告知110/119/120</translation>
    </message>
    <message>
        <source>Who of the emergency services was told, when, and under which number of theirs.</source>
        <translation>告知了哪个应急部门、何时、对方编号。</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>部门</translation>
    </message>
    <message>
        <source>service.110</source>
        <translation>110</translation>
    </message>
    <message>
        <source>service.119</source>
        <translation>119</translation>
    </message>
    <message>
        <source>service.120</source>
        <translation>120</translation>
    </message>
    <message>
        <source>service.122</source>
        <translation>122</translation>
    </message>
    <message>
        <source>Their number</source>
        <translation>对方编号</translation>
    </message>
    <message>
        <source>Ask for extension</source>
        <translation>申请延时</translation>
    </message>
    <message>
        <source>Minutes more</source>
        <translation>延长分钟数</translation>
    </message>
    <message>
        <source>Approve extension</source>
        <translation>批准延时</translation>
    </message>
    <message>
        <source>Refuse extension</source>
        <translation>不准延时</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>挂账</translation>
    </message>
    <message>
        <source>Put on the list of hard problems; the clocks stand still, and nothing goes on until it is resumed.</source>
        <translation>列入难题清单，停止计时，恢复之前不再往下办。</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Supervise</source>
        <translation>督办</translation>
    </message>
    <message>
        <source>Ground</source>
        <translation>督办缘由</translation>
    </message>
    <message>
        <source>ground.overdue</source>
        <translation>超期</translation>
    </message>
    <message>
        <source>ground.leader</source>
        <translation>领导交办</translation>
    </message>
    <message>
        <source>ground.important</source>
        <translation>重要事件</translation>
    </message>
    <message>
        <source>Raise</source>
        <translation>提级</translation>
    </message>
    <message>
        <source>Hand up to the next level of centre.</source>
        <translation>提交上一级中心。</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>合并</translation>
    </message>
    <message>
        <source>The same matter reported again: every reporter is kept, one clock runs.</source>
        <translation>同一事项重复上报：保留每个反映人，只计一个时限。</translation>
    </message>
    <message>
        <source>Into incident</source>
        <translation>并入事件</translation>
    </message>
    <message>
        <source>Void</source>
        <translation>作废</translation>
    </message>
    <message>
        <source>Force close</source>
        <translation>强制结案</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>重开</translation>
    </message>
    <message>
        <source>Closed is not fixed: the incident waits for assignment again, its old history stays.</source>
        <translation>办结不等于解决：事件重新等待分拨，原有记录保留。</translation>
    </message>
    <message>
        <source>Correct</source>
        <translation>更正</translation>
    </message>
    <message>
        <source>Merged into this</source>
        <translation>并入本件</translation>
    </message>
    <message>
        <source>Placed in an area</source>
        <translation>划入区域</translation>
    </message>
    <message>
        <source>Made when areas come into force that hold its point, or when its area goes; nobody gives it by hand.</source>
        <translation>新的区域生效且包含事件位置、或原区域撤销时自动生成，不由人工发出。</translation>
    </message>
    <message>
        <source>Made by the merge of another incident; nobody gives it by hand.</source>
        <translation>由另一事件合并产生，不由人工办理。</translation>
    </message>
    <message>
        <source>Incident</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>An incident that an import brought in by mistake.</source>
        <translation>误导入的事件。</translation>
    </message>
    <message>
        <source>Reported: {place}</source>
        <translation>上报：{place}</translation>
    </message>
    <message>
        <source>Found and fixed: {result}</source>
        <translation>自办自结：{result}</translation>
    </message>
    <message>
        <source>Checked on site: {finding}</source>
        <translation>现场核实：{finding}</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>受理</translation>
    </message>
    <message>
        <source>Assigned to {unit_name} ({part})</source>
        <translation>分拨 {unit_name}（{part}）</translation>
    </message>
    <message>
        <source>Recalled from {unit_name}</source>
        <translation>收回 {unit_name} 的派单</translation>
    </message>
    <message>
        <source>{unit_name} signed for it</source>
        <translation>{unit_name} 签收</translation>
    </message>
    <message>
        <source>{unit_name} is en route</source>
        <translation>{unit_name} 途中</translation>
    </message>
    <message>
        <source>{unit_name} is on the scene</source>
        <translation>{unit_name} 到场</translation>
    </message>
    <message>
        <source>{unit_name} fed back</source>
        <translation>{unit_name} 反馈</translation>
    </message>
    <message>
        <source>{unit_name} returned it</source>
        <translation>{unit_name} 退回</translation>
    </message>
    <message>
        <source>Not passed: back to the force</source>
        <translation>核查未通过：返工</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>办结</translation>
    </message>
    <message>
        <source>Evaluated: {satisfaction}</source>
        <translation>评价：{satisfaction}</translation>
    </message>
    <message>
        <source>Chased</source>
        <translation>催办</translation>
    </message>
    <message>
        <source>Told {service}</source>
        <translation>已告知 {service}</translation>
    </message>
    <message>
        <source>Told {service}, their number {number}</source>
        <translation>已告知 {service}，对方编号 {number}</translation>
    </message>
    <message>
        <source>Extension asked for: {minutes} min</source>
        <translation>申请延时 {minutes} 分钟</translation>
    </message>
    <message>
        <source>Extension approved: {minutes} min</source>
        <translation>批准延时 {minutes} 分钟</translation>
    </message>
    <message>
        <source>Extension refused</source>
        <translation>不准延时</translation>
    </message>
    <message>
        <source>Put on hold</source>
        <translation>挂账</translation>
    </message>
    <message>
        <source>Resumed</source>
        <translation>恢复办理</translation>
    </message>
    <message>
        <source>Supervised: {ground}</source>
        <translation>督办：{ground}</translation>
    </message>
    <message>
        <source>Raised to the next level</source>
        <translation>提级</translation>
    </message>
    <message>
        <source>Merged into {into_number}</source>
        <translation>并入 {into_number}</translation>
    </message>
    <message>
        <source>{number} was merged into this one</source>
        <translation>{number} 并入本件</translation>
    </message>
    <message>
        <source>Placed in {area_name}</source>
        <translation>划入{area_name}</translation>
    </message>
    <message>
        <source>In no area any more</source>
        <translation>不再属于任何区域</translation>
    </message>
    <message>
        <source>Voided</source>
        <translation>作废</translation>
    </message>
    <message>
        <source>Closed by force</source>
        <translation>强制结案</translation>
    </message>
    <message>
        <source>Reopened</source>
        <translation>重开</translation>
    </message>
    <message>
        <source>Corrected</source>
        <translation>更正</translation>
    </message>
    <message>
        <source>Withdrawn (imported by mistake)</source>
        <translation>撤回（误导入）</translation>
    </message>
    <message>
        <source>lead</source>
        <translation>主办</translation>
    </message>
    <message>
        <source>helps</source>
        <translation>协办</translation>
    </message>
    <message>
        <source>help</source>
        <translation>协办</translation>
    </message>
    <message>
        <source>Send more</source>
        <translation>增派</translation>
    </message>
    <message>
        <source>There is no act named {verb}.</source>
        <translation>没有名为 {verb} 的操作。</translation>
    </message>
    <message>
        <source>Somebody else has just changed it; look again and repeat.</source>
        <translation>刚被他人更改，请看过后再试。</translation>
    </message>
    <message>
        <source>There is no incident {id} on this seat.</source>
        <translation>本席没有事件 {id}。</translation>
    </message>
    <message>
        <source>This step was already taken.</source>
        <translation>这一步已经做过。</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Nobody has it in hand.</source>
        <translation>无人在办。</translation>
    </message>
    <message>
        <source>{what}: got {got}, expected {expected}</source>
        <translation>{what}：填的是 {got}，应为 {expected}</translation>
    </message>
    <message>
        <source>Your role may not do this.</source>
        <translation>您的角色不能办理。</translation>
    </message>
    <message>
        <source>{what} is missing.</source>
        <translation>缺少{what}。</translation>
    </message>
    <message>
        <source>This incident was already taken in.</source>
        <translation>该事件已登记。</translation>
    </message>
    <message>
        <source>{unit} has no open assignment here.</source>
        <translation>{unit} 在此没有未完的派单。</translation>
    </message>
    <message>
        <source>There is no force {unit}.</source>
        <translation>没有力量 {unit}。</translation>
    </message>
    <message>
        <source>{unit} has it in hand already.</source>
        <translation>{unit} 已在办理。</translation>
    </message>
    <message>
        <source>{unit} leads it; recall that order first, or send further forces to help.</source>
        <translation>{unit} 是主办；请先收回该派单，或增派协办力量。</translation>
    </message>
    <message>
        <source>The first force leads; there is nobody to help yet.</source>
        <translation>第一个力量为主办，目前无人可协办。</translation>
    </message>
    <message>
        <source>Nothing to correct was given.</source>
        <translation>没有填写更正内容。</translation>
    </message>
    <message>
        <source>An incident cannot be merged into itself.</source>
        <translation>事件不能并入自身。</translation>
    </message>
    <message>
        <source>{number} is ended; reopen it before others are merged into it.</source>
        <translation>{number} 已结束，重开后才能并入。</translation>
    </message>
    <message>
        <source>There is no area {area}.</source>
        <translation>没有区域 {area}。</translation>
    </message>
    <message>
        <source>This act does not take: {names}</source>
        <translation>此操作不需要：{names}</translation>
    </message>
    <message>
        <source>off duty</source>
        <translation>离岗</translation>
    </message>
    <message>
        <source>returned this order before</source>
        <translation>曾退回此单</translation>
    </message>
    <message>
        <source>is on the scene of another incident</source>
        <translation>正在其他事件现场</translation>
    </message>
    <message>
        <source>position {minutes} min old, stale</source>
        <translation>位置 {minutes} 分钟前，已陈旧</translation>
    </message>
    <message>
        <source>{km} km away</source>
        <translation>距离 {km} 公里</translation>
    </message>
    <message>
        <source>{count} in hand</source>
        <translation>手头 {count}</translation>
    </message>
    <message>
        <source>its own grid</source>
        <translation>本网格</translation>
    </message>
    <message>
        <source>same community</source>
        <translation>同社区</translation>
    </message>
    <message>
        <source>has the skill {skill}</source>
        <translation>会{skill}</translation>
    </message>
    <message>
        <source>without the skill {skill}</source>
        <translation>无{skill}技能</translation>
    </message>
    <message>
        <source>no position, its post is used</source>
        <translation>无位置，按驻点计</translation>
    </message>
    <message>
        <source>no position</source>
        <translation>无位置</translation>
    </message>
    <message>
        <source>{time}</source>
        <translation>{time}</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} 分钟</translation>
    </message>
    <message>
        <source>{rule}</source>
        <translation>{rule}</translation>
    </message>
    <message>
        <source>time as given</source>
        <translation>按来件时限</translation>
    </message>
    <message>
        <source>{days} days</source>
        <translation>{days} 天</translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation>{hours} 小时</translation>
    </message>
    <message>
        <source>nobody has accepted it</source>
        <translation>无人受理</translation>
    </message>
    <message>
        <source>nobody is assigned</source>
        <translation>未分拨</translation>
    </message>
    <message>
        <source>nobody on the scene</source>
        <translation>无人到场</translation>
    </message>
    <message>
        <source>110/119/120 not told</source>
        <translation>未告知 110/119/120</translation>
    </message>
    <message>
        <source>not signed for</source>
        <translation>未签收</translation>
    </message>
    <message>
        <source>The imported verdict holds: {verdict}</source>
        <translation>以原系统判定为准：{verdict}</translation>
    </message>
    <message>
        <source>due {due} because {rule}: {amount}, {calendar}, from {start}</source>
        <translation>{due} 到期：{rule} {amount}（{calendar}，自 {start}）</translation>
    </message>
    <message>
        <source>this phase is due {due} because {rule}: {amount}</source>
        <translation>本阶段 {due} 到期：{rule} {amount}</translation>
    </message>
    <message>
        <source>extended {count} times</source>
        <translation>已延时 {count} 次</translation>
    </message>
    <message>
        <source>on hold since {at}: the clocks stand still</source>
        <translation>自 {at} 挂账，停止计时</translation>
    </message>
    <message>
        <source>no limit: {rule}</source>
        <translation>无时限：{rule}</translation>
    </message>
    <message>
        <source>This incident lies outside your area.</source>
        <translation>该事件不在您的辖区。</translation>
    </message>
    <message>
        <source>Not possible in the phase {phase}.</source>
        <translation>{phase}阶段不能办理。</translation>
    </message>
    <message>
        <source>The incident is on hold: resume it first.</source>
        <translation>事件已挂账，请先恢复。</translation>
    </message>
    <message>
        <source>Returned {count} times: a supervisor must decide who takes it.</source>
        <translation>已退回 {count} 次，须由值班长裁决承办单位。</translation>
    </message>
    <message>
        <source>It is not assigned to your unit.</source>
        <translation>未派给您的单位。</translation>
    </message>
    <message>
        <source>Whoever handled it may not verify it.</source>
        <translation>处置人不能核查。</translation>
    </message>
    <message>
        <source>An extension was already asked for.</source>
        <translation>已申请过延时。</translation>
    </message>
    <message>
        <source>No extension was asked for.</source>
        <translation>没有延时申请。</translation>
    </message>
    <message>
        <source>It is on hold already.</source>
        <translation>已挂账。</translation>
    </message>
    <message>
        <source>It is not on hold.</source>
        <translation>未挂账。</translation>
    </message>
    <message>
        <source>Only imported incidents are withdrawn; void this one.</source>
        <translation>只有导入件可撤回，请作废。</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无时限规则</translation>
    </message>
    <message>
        <source>Centre</source>
        <translation>中心</translation>
    </message>
    <message>
        <source>Pass across</source>
        <translation>平转中心</translation>
    </message>
    <message>
        <source>Pass down</source>
        <translation>下转中心</translation>
    </message>
    <message>
        <source>Pass up</source>
        <translation>上转中心</translation>
    </message>
    <message>
        <source>To a centre of the same level: it signs for it within its time or gives it back.</source>
        <translation>转给同级中心：对方在时限内签收，或说明依据退回。</translation>
    </message>
    <message>
        <source>To a centre below: it signs for it within its time or gives it back.</source>
        <translation>转给下级中心：对方在时限内签收，或说明依据退回。</translation>
    </message>
    <message>
        <source>To a centre above: it signs for it within its time or gives it back.</source>
        <translation>转给上级中心：对方在时限内签收，或说明依据退回。</translation>
    </message>
    <message>
        <source>Take back from centre</source>
        <translation>撤回转办</translation>
    </message>
    <message>
        <source>Before the other centre has signed for it.</source>
        <translation>限对方中心签收之前。</translation>
    </message>
    <message>
        <source>Give back to centre</source>
        <translation>退回转办</translation>
    </message>
    <message>
        <source>With its basis. After three refusals an arbiter decides, and that stands.</source>
        <translation>须写明依据。退回三次后由值班长裁定，裁定后不得再退。</translation>
    </message>
    <message>
        <source>Take over from centre</source>
        <translation>签收转办</translation>
    </message>
    <message>
        <source>This centre signs for what another one passed to it; its own clock starts.</source>
        <translation>本中心签收其他中心转来的事件，另行计时。</translation>
    </message>
    <message>
        <source>There is no centre {centre} in that direction.</source>
        <translation>该方向上没有中心“{centre}”。</translation>
    </message>
    <message>
        <source>{centre} is to sign for it by {due} because {rule}: {amount}, {calendar}</source>
        <translation>{centre}应于 {due} 前签收，依据{rule}：{amount}，{calendar}</translation>
    </message>
    <message>
        <source>{centre} is to have it handled by {due} because {rule}: {amount}, {calendar}</source>
        <translation>{centre}应于 {due} 前办结，依据{rule}：{amount}，{calendar}</translation>
    </message>
    <message>
        <source>This seat belongs to no centre of a hub: nothing is passed here.</source>
        <translation>本席位未接入中心服务器，无法转办。</translation>
    </message>
    <message>
        <source>Nothing is being passed here.</source>
        <translation>没有待签收的转办。</translation>
    </message>
    <message>
        <source>An arbiter decided who takes it, or it was escalated; that stands.</source>
        <translation>已由值班长裁定或已升级催签，不得退回。</translation>
    </message>
    <message>
        <source>It is on its way to {centre} already.</source>
        <translation>正在转往{centre}，等待签收。</translation>
    </message>
    <message>
        <source>There is no centre in that direction.</source>
        <translation>该方向上没有中心。</translation>
    </message>
    <message>
        <source>{centre} has it: that centre passes it on.</source>
        <translation>事件在{centre}，由该中心转办。</translation>
    </message>
    <message>
        <source>Refused {count} times: a supervisor must decide who takes it.</source>
        <translation>已被退回 {count} 次：须由值班长裁定承办中心。</translation>
    </message>
    <message>
        <source>Passed up to {to_name}</source>
        <translation>上转至{to_name}</translation>
    </message>
    <message>
        <source>Passed down to {to_name}</source>
        <translation>下转至{to_name}</translation>
    </message>
    <message>
        <source>Passed across to {to_name}</source>
        <translation>平转至{to_name}</translation>
    </message>
    <message>
        <source>{centre_name} signed for it</source>
        <translation>{centre_name}已签收</translation>
    </message>
    <message>
        <source>{centre_name} gave it back</source>
        <translation>{centre_name}退回</translation>
    </message>
    <message>
        <source>{centre_name} took it back</source>
        <translation>{centre_name}撤回转办</translation>
    </message>
    <message>
        <source>a code of the list {list}</source>
        <translation>代码表 {list} 中的代码</translation>
    </message>
    <message>
        <source>a time up to now</source>
        <translation>不晚于现在的时间</translation>
    </message>
    <message>
        <source>{n} characters</source>
        <translation>{n} 个字符</translation>
    </message>
    <message>
        <source>a number above 0, at most {limit}</source>
        <translation>大于 0、不超过 {limit} 的数字</translation>
    </message>
    <message>
        <source>longitude and latitude in degrees</source>
        <translation>以度表示的经度和纬度</translation>
    </message>
    <message>
        <source>a list of file digests</source>
        <translation>文件摘要列表</translation>
    </message>
    <message>
        <source>Force {key} on duty</source>
        <translation>力量 {key} 上岗</translation>
    </message>
    <message>
        <source>Force {key} off duty</source>
        <translation>力量 {key} 下岗</translation>
    </message>
    <message>
        <source>Signed for duty: {name}</source>
        <translation>值班签到：{name}</translation>
    </message>
    <message>
        <source>Shift handed over: {name}</source>
        <translation>交班：{name}</translation>
    </message>
    <message>
        <source>A call came in</source>
        <translation>来电</translation>
    </message>
    <message>
        <source>Call taken</source>
        <translation>已接听</translation>
    </message>
    <message>
        <source>Call ended</source>
        <translation>通话结束</translation>
    </message>
    <message>
        <source>Call missed</source>
        <translation>未接来电</translation>
    </message>
    <message>
        <source>Call to be called back</source>
        <translation>待回拨</translation>
    </message>
    <message>
        <source>Called back</source>
        <translation>已回拨</translation>
    </message>
    <message>
        <source>Whistle blown: {matter}</source>
        <translation>吹哨：{matter}</translation>
    </message>
    <message>
        <source>Whistle: another department called</source>
        <translation>吹哨：加派部门</translation>
    </message>
    <message>
        <source>Whistle: reported in</source>
        <translation>吹哨：部门报到</translation>
    </message>
    <message>
        <source>Whistle: answered</source>
        <translation>吹哨：部门答复</translation>
    </message>
    <message>
        <source>Whistle: rated</source>
        <translation>吹哨：已评价</translation>
    </message>
    <message>
        <source>Whistle withdrawn</source>
        <translation>吹哨已撤销</translation>
    </message>
    <message>
        <source>Camera looked at</source>
        <translation>调阅摄像机</translation>
    </message>
    <message>
        <source>Camera left</source>
        <translation>结束调阅摄像机</translation>
    </message>
    <message>
        <source>Camera turned</source>
        <translation>操控摄像机</translation>
    </message>
    <message>
        <source>Still of a camera saved</source>
        <translation>保存摄像机截图</translation>
    </message>
    <message>
        <source>Privacy masks of a camera changed</source>
        <translation>修改摄像机隐私遮挡</translation>
    </message>
    <message>
        <source>List brought into force</source>
        <translation>启用名录</translation>
    </message>
    <message>
        <source>List taken back</source>
        <translation>撤回名录</translation>
    </message>
    <message>
        <source>Personal data erased</source>
        <translation>个人信息已删除</translation>
    </message>
    <message>
        <source>Merged; into which one is not told</source>
        <translation>已并案，并入哪一起未注明</translation>
    </message>
    <message>
        <source>Your role may not see a caller's number.</source>
        <translation>您的角色不能查看来电号码。</translation>
    </message>
    <message>
        <source>There is no call {id} on this seat.</source>
        <translation>本席没有来电 {id}。</translation>
    </message>
    <message>
        <source>A caller's number was shown</source>
        <translation>已显示来电号码</translation>
    </message>
    <message>
        <source>Escalate the pass</source>
        <translation>升级催签</translation>
    </message>
    <message>
        <source>When the other centre's time to sign is over: it must take it, and a new time to sign begins.</source>
        <translation>对方中心签收超时后使用：对方不得退回，签收时限重新计时。</translation>
    </message>
    <message>
        <source>{centre} still has time to sign for it.</source>
        <translation>{centre} 的签收时限未到。</translation>
    </message>
    <message>
        <source>{centre_name} escalated it: {to_name} must sign for it</source>
        <translation>{centre_name} 升级催签：{to_name} 必须签收</translation>
    </message>
</context>
</TS>
