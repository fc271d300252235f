using Synfin.Drill.Language;

namespace Synfin.Drill.Tests.Language;

/// <summary>Short ways to read a script, or a part of one.</summary>
internal static class Reading
{
    public static readonly Dictionary<string, string> NoNames = [];

    public static Script Script(string text, params (string Name, string Value)[] defines) =>
        ScriptParser.Parse("a.pkt", text, defines.ToDictionary(d => d.Name, d => d.Value));

    public static ScriptEvent Event(string text) => Assert.Single(Script(text).Events);

    public static CallEvent Call(string text) => Assert.IsType<CallEvent>(Event(text));

    public static ScriptValue Value(string text) => Assert.Single(Call($"0 f({text}) = 0").Arguments);

    public static PacketEvent Packet(string text) => Assert.IsType<PacketEvent>(Event(text));

    public static ScriptSegment Segment(string text) => Assert.IsType<ScriptSegment>(Packet($"+0 < {text}").Packet);

    public static ScriptIcmp Icmp(string text) => Assert.IsType<ScriptIcmp>(Packet($"+0 < {text}").Packet);

    public static IReadOnlyList<ScriptOption> Options(string text) => Segment($". 1:1(0) ack 1 <{text}>").Options;

    public static ScriptSyntaxException Failure(string text) => Assert.Throws<ScriptSyntaxException>(() => Script(text));
}
