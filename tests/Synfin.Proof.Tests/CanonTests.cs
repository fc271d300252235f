using Xunit;

namespace Synfin.Proof.Tests;

/// <summary>Which states are one, and which are not.</summary>
public sealed class CanonTests
{
    private static readonly Scope s_scope = Scopes.All.Single(scope => scope.Name == "handshake");

    /// <summary>The same run leads to the same state, in a new world and in one that has seen thousands.</summary>
    [Fact]
    public void A_state_does_not_depend_on_what_the_world_was_used_for()
    {
        var world = new World(s_scope);
        IReadOnlyList<Move> run = Move.ParseRun("a0 d0 k0 d1 a0 d1");
        UInt128 first = After(world, run);
        for (int i = 0; i < 3_000; i++)
        {
            After(world, Move.ParseRun(i % 2 == 0 ? "a0 d0 tb l0" : "a0 k0 d0 d0"));
            if (i % 500 == 0) Assert.Equal(first, After(world, run));
        }
    }

    /// <summary>Two calls at two ends, in whatever order.</summary>
    [Fact]
    public void Order_without_consequence_does_not_make_another_state()
    {
        var world = new World(s_scope with { Accidents = 0, Prelude = "a0 d0 d0 d0" });
        UInt128 aFirst = After(world, Move.ParseRun("a0 b0")), bFirst = After(world, Move.ParseRun("b0 a0"));
        Assert.Equal(aFirst, bFirst);
    }

    [Fact]
    public void What_is_left_of_the_accidents_is_part_of_the_state()
    {
        UInt128 none = After(new World(s_scope with { Accidents = 0 }), Move.ParseRun("a0 d0"));
        UInt128 one = After(new World(s_scope with { Accidents = 1 }), Move.ParseRun("a0 d0"));
        Assert.NotEqual(none, one);
    }

    [Fact]
    public void An_octet_under_way_is_part_of_the_state()
    {
        var world = new World(Scopes.All.Single(scope => scope.Name == "data"));
        Assert.NotEqual(After(world, []), After(world, Move.ParseRun("a0")));
    }

    private static UInt128 After(World world, IReadOnlyList<Move> run)
    {
        world.Restart();
        foreach (Move move in run) world.Apply(move);
        Assert.Null(world.Breach);
        return world.Fingerprint();
    }
}
