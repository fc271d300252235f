namespace Synfin.Oracle.Tests.Ends;

/// <summary>A segment that a host sent.</summary>
/// <param name="Words">All fields that must agree, with numbers relative to both initial ones.</param>
/// <param name="Window">The window in octets, scaled.</param>
/// <param name="IsSyn">Whether the window is a SYN's, and so must agree.</param>
internal sealed record Reply(string Words, int Window, bool IsSyn)
{
    public override string ToString() => FormattableString.Invariant($"{Words} win {Window}");
}
