using Synfin.Stack;
using Xunit;

namespace Synfin.Proof.Tests;

/// <summary>
/// The engine explored from both ends: what must hold does, in every state that a small network can bring it to (RFC 9293 3.4 to 3.10).
/// </summary>
public sealed class ScopeTests
{
    private static readonly TcpProfile[] s_profiles = [TcpProfile.Default, TcpProfile.Rfc, TcpProfile.Linux, TcpProfile.FreeBsd];

    /// <summary>The scopes that a test has time for.</summary>
    public static TheoryData<string> Small => [.. Scopes.Default.Select(scope => scope.Name)];

    /// <summary>Each profile with each scope.</summary>
    public static TheoryData<string, string> EachProfile =>
        [.. from scope in Scopes.Default from profile in s_profiles.Skip(1) select (scope.Name, profile.Name)];

    [Theory]
    [MemberData(nameof(Small))]
    public void Every_property_holds_with_one_accident(string name)
    {
        Scope scope = Scopes.All.Single(scope => scope.Name == name) with { Accidents = 1 };
        ScopeResult result = Explorer.Explore(scope);
        Assert.True(result.Holds, $"{result.Breach} after {string.Join(' ', result.Run)}");
        Assert.True(result.Finals > 0 && result.Transitions > result.States);
    }

    [Theory]
    [MemberData(nameof(EachProfile))]
    public void Every_property_holds_with_each_profile_on_a_perfect_network(string name, string profile)
    {
        Scope scope = Scopes.All.Single(scope => scope.Name == name) with
        {
            Accidents = name == "strangers" ? 1 : 0,
            Profile = s_profiles.Single(p => p.Name == profile),
        };
        ScopeResult result = Explorer.Explore(scope, new ExplorerOptions { AuditEvery = 4 });
        Assert.True(result.Holds, $"{result.Breach} after {string.Join(' ', result.Run)}");
    }

    /// <summary>The exploration is the same however many share it.</summary>
    [Fact]
    public void The_number_of_states_does_not_depend_on_the_workers()
    {
        Scope scope = Scopes.All.Single(scope => scope.Name == "simultaneous-close");
        ScopeResult alone = Explorer.Explore(scope, new ExplorerOptions { Workers = 1 });
        ScopeResult together = Explorer.Explore(scope, new ExplorerOptions { Workers = 3 });
        Assert.Equal((alone.States, alone.Transitions, alone.Depth, alone.Finals),
            (together.States, together.Transitions, together.Depth, together.Finals));
    }

    /// <summary>More accidents make more states: the small numbers are no accident of an idle network.</summary>
    [Fact]
    public void Accidents_are_really_tried()
    {
        Scope scope = Scopes.All.Single(scope => scope.Name == "close");
        int[] states = [.. Enumerable.Range(0, 3).Select(k => Explorer.Explore(scope with { Accidents = k }).States)];
        Assert.True(states[0] * 4 < states[1] && states[1] * 3 < states[2], string.Join(", ", states));
    }

    [Fact]
    public void A_scope_that_is_too_large_is_not_said_to_hold()
    {
        ScopeResult result = Explorer.Explore(
            Scopes.All.Single(scope => scope.Name == "full"), new ExplorerOptions { MaxStates = 1_000 });
        Assert.True(result.Stopped);
        Assert.False(result.Holds);
        Assert.Null(result.Breach);
    }
}
