using Xunit;

namespace Synfin.Proof.Tests;

/// <summary>Properties can fail, and a failure comes with a shortest run that shows it.</summary>
public sealed class BreachTests
{
    /// <summary>Nobody closes, so nobody reaches CLOSED.</summary>
    private static readonly Scope s_nobodyCloses = new()
    {
        Name = "nobody-closes",
        About = "an open, and that is all",
        A = "open",
        B = "listen",
        Accidents = 0,
    };

    [Fact]
    public void Who_never_closes_never_reaches_CLOSED()
    {
        ScopeResult result = Explorer.Explore(s_nobodyCloses);
        Assert.Equal(Properties.Liveness, result.Breach?.Property);
        Assert.Equal("a0 d0 d0 d0", string.Join(' ', result.Run));
    }

    [Fact]
    public void The_run_is_drawn_and_ends_in_the_same_breach()
    {
        ScopeResult result = Explorer.Explore(s_nobodyCloses);
        (string ladder, Breach? breach) = Counterexample.Draw(s_nobodyCloses, result.Run, width: 80);
        Assert.Equal(result.Breach, breach);
        Assert.Contains("ESTABLISHED", ladder, StringComparison.Ordinal);
        Assert.Contains("<CTL=SYN,ACK>", ladder, StringComparison.Ordinal);
    }

    /// <summary>A connection that an application aborts need not end in order; one that nobody touches must.</summary>
    [Fact]
    public void Grace_is_asked_of_those_that_nobody_disturbs()
    {
        Scope aborted = s_nobodyCloses with { A = "open abort", B = "listen leave" };
        Assert.True(Explorer.Explore(aborted).Holds);
        Scope shy = s_nobodyCloses with { A = "open send shutdown", B = "listen leave shutdown" };
        Assert.True(Explorer.Explore(shy).Holds);
        Scope deaf = s_nobodyCloses with { A = "open shutdown leave", B = "listen leave", Accidents = 0 };
        Assert.True(Explorer.Explore(deaf).Holds);
    }

    [Fact]
    public void A_move_that_is_not_possible_is_refused_and_the_possible_ones_named()
    {
        FormatException e = Assert.Throws<FormatException>(
            () => Counterexample.Draw(s_nobodyCloses, Move.ParseRun("a0 d0 l0"), width: 80));
        Assert.Equal("move 3, 'l0', is not possible there in nobody-closes; possible are d0", e.Message);
    }

    [Theory]
    [InlineData("a0 x1")]
    [InlineData("d")]
    [InlineData("t0")]
    [InlineData("d256")]
    public void A_word_that_is_no_move_is_refused(string run) =>
        Assert.Contains("is no move", Assert.Throws<FormatException>(() => Move.ParseRun(run)).Message, StringComparison.Ordinal);

    [Fact]
    public void Moves_are_read_as_they_are_written_and_packed_without_loss()
    {
        const string Run = "a0 b1 d0 k12 l3 ta tb fa0 fb8";
        IReadOnlyList<Move> moves = Move.ParseRun(Run);
        Assert.Equal(Run, string.Join(' ', moves));
        Assert.All(moves, move => Assert.Equal(move, Move.Unpack(move.Packed)));
    }
}
