using Synfin.Cli.CommandLine;
using Xunit;

namespace Synfin.Cli.Tests;

/// <summary>A mistyped name finds the names that it resembles.</summary>
public sealed class NearNames
{
    private static readonly string[] _known = ["handshake", "half-close", "simultaneous-open", "simultaneous-close", "reset"];

    [Theory]
    [InlineData("hanshake", "handshake")]
    [InlineData("HANDSHAKE", "handshake")]
    [InlineData("rest", "reset")]
    [InlineData("close", "half-close simultaneous-close")]
    [InlineData("simultaneous", "simultaneous-open simultaneous-close")]
    [InlineData("xyzzy", "")]
    public void Nearest_first(string name, string near) => Assert.Equal(near, string.Join(' ', NearestName.Find(name, _known)));

    [Fact]
    public void A_suggestion_is_a_question() =>
        Assert.Equal("; did you mean 'half-close' or 'simultaneous-close'?", NearestName.Suggestion("close", _known));
}
