using System.Globalization;
using System.Text.RegularExpressions;
using Synfin.Captures.Ladders;

namespace Synfin.Captures.Tests;

public partial class TextLadderPropertyTests
{
    public static TheoryData<string> Names => [.. Stories.All().Select(s => s.Name)];

    [Theory, MemberData(nameof(Names))]
    public void No_line_is_longer_than_the_width_or_ends_in_a_space(string name)
    {
        Scene scene = Stories.All().Single(s => s.Name == name).Scene;
        foreach (bool absolute in new[] { false, true })
        {
            Ladder ladder = scene.Recorder.Build(new LadderOptions { Absolute = absolute, FoldRuns = !absolute });
            for (int width = 60; width <= 220; width++)
            {
                string text = Render(ladder, new TextLadderOptions { Width = width, Timestamps = absolute });
                foreach (string line in text.Split('\n'))
                {
                    Assert.True(line.Length <= width, $"{width}: {line}");
                    Assert.False(line.EndsWith(' '), $"{width}: {line}");
                }
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_field_survives_at_any_width_that_fits_it(string name)
    {
        Ladder ladder = Stories.All().Single(s => s.Name == name).Scene.Recorder.Build();
        for (int width = 60; width <= 220; width++)
        {
            string text = Render(ladder, new TextLadderOptions { Width = width });
            foreach (LadderRow row in ladder.Rows)
            {
                if (row.Arrow is { } arrow) Assert.Contains($"<SEQ={arrow.Seq}>", text, StringComparison.Ordinal);
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Colour_adds_nothing_but_codes(string name)
    {
        Ladder ladder = Stories.All().Single(s => s.Name == name).Scene.Recorder.Build();
        string plain = Render(ladder, new TextLadderOptions { Width = 100 });
        string coloured = Render(ladder, new TextLadderOptions { Width = 100, Colour = true });
        Assert.NotEqual(plain, coloured);
        Assert.Equal(plain, AnsiCode().Replace(coloured, ""));
    }

    [Fact]
    public void Colours_tell_the_kinds_apart()
    {
        string text = Render(Stories.UrgentThenAbort().Recorder.Build(), new TextLadderOptions { Width = 200, Colour = true });
        Assert.Contains("\u001b[32m<SEQ=0><CTL=SYN>", text, StringComparison.Ordinal);
        Assert.Contains("\u001b[94m<SEQ=4><ACK=1><CTL=PSH,ACK>", text, StringComparison.Ordinal);
        Assert.Contains("\u001b[90m<SEQ=1><ACK=4><CTL=ACK>", text, StringComparison.Ordinal);
        Assert.Contains("\u001b[31m<SEQ=9><ACK=1><CTL=RST,ACK>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Unicode_arrows_take_the_same_room()
    {
        Ladder ladder = Stories.LostSyn().Recorder.Build();
        string ascii = Render(ladder, new TextLadderOptions { Width = 80 });
        string unicode = Render(ladder, new TextLadderOptions { Width = 80, Unicode = true });
        Assert.Equal(ascii.Split('\n').Select(l => l.Length), unicode.Split('\n').Select(l => l.Length));
        Assert.Contains("\u2500\u2500\u2192 <SEQ=0><CTL=SYN>            \u2500\u2500\u00d7 lost", unicode, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_recording_is_an_empty_ladder()
    {
        Ladder ladder = new LadderRecorder().Build();
        Assert.Empty(ladder.Rows);
        Assert.DoesNotContain("1.", TextLadderRenderer.Render(ladder), StringComparison.Ordinal);
    }

    private static string Render(Ladder ladder, TextLadderOptions options)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        TextLadderRenderer.Render(ladder, writer, options);
        return writer.ToString();
    }

    [GeneratedRegex("\u001b\\[[0-9]+m")]
    private static partial Regex AnsiCode();
}
