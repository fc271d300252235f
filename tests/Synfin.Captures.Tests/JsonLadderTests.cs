using System.Text.Json;
using Synfin.Captures.Ladders;

namespace Synfin.Captures.Tests;

public class JsonLadderTests
{
    public static TheoryData<string> Names => [.. Stories.All().Select(s => s.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Every_ladder_is_valid_JSON_with_all_rows(string name)
    {
        Ladder ladder = Stories.All().Single(s => s.Name == name).Scene.Recorder.Build();
        using JsonDocument json = JsonDocument.Parse(JsonLadderRenderer.Render(ladder, indented: true));
        Assert.Equal("synfin-ladder/1", json.RootElement.GetProperty("format").GetString());
        Assert.Equal(ladder.Rows.Count, json.RootElement.GetProperty("rows").GetArrayLength());
        Assert.Equal(ladder.Connections.Count, json.RootElement.GetProperty("connections").GetArrayLength());
    }

    [Fact]
    public void A_segment_s_row_says_all_of_it()
    {
        Ladder ladder = Stories.LostSyn().Recorder.Build();
        using JsonDocument json = JsonDocument.Parse(JsonLadderRenderer.Render(ladder));
        JsonElement row = json.RootElement.GetProperty("rows").EnumerateArray().Single(r => r.TryGetProperty("again", out _));
        Assert.Equal(
            """
            {"kind":"segment","number":3,"connection":1,"side":"left","time":1000000000,"sent":1000000000,"delivered":1010000000,
            "leftState":"SYN-SENT","rightState":"SYN-RECEIVED","passage":"whole","seq":0,"ctl":"SYN","wnd":64240,"data":0,"again":2,
            "raw":{"seq":100,"wnd":64240}}
            """.ReplaceLineEndings(""), row.GetRawText());
    }

    [Fact]
    public void A_verdict_is_there_for_programs()
    {
        using var stream = new MemoryStream();
        JsonLadderRenderer.Render(Stories.Refused().Recorder.Build(), stream);
        using JsonDocument json = JsonDocument.Parse(stream.ToArray());
        JsonElement verdict = json.RootElement.GetProperty("connections")[0].GetProperty("verdict");
        Assert.Equal(("refused", "b", 2), (
            verdict.GetProperty("kind").GetString(), verdict.GetProperty("culprit").GetString(),
            verdict.GetProperty("segments").GetInt32()));
    }

    [Fact]
    public void Inferred_states_are_marked()
    {
        using JsonDocument json = JsonDocument.Parse(JsonLadderRenderer.Render(Stories.OneEnd().Recorder.Build()));
        JsonElement[] rows = [.. json.RootElement.GetProperty("rows").EnumerateArray()];
        Assert.False(rows[1].TryGetProperty("rightState", out _));
        Assert.True(rows[2].GetProperty("rightStateInferred").GetBoolean());
        Assert.False(rows[2].TryGetProperty("leftStateInferred", out _));
    }
}
