namespace Synfin.Wire;

/// <summary>A prefix that a router advertises (RFC 4861 4.6.2).</summary>
/// <param name="Prefix">The prefix; bits behind its length mean nothing.</param>
/// <param name="Length">Its length in bits, 0 to 128.</param>
/// <param name="OnLink">Whether all its addresses are neighbours' (L).</param>
/// <param name="Autonomous">Whether hosts may make addresses in it (A).</param>
/// <param name="ValidLifetime">How long it counts, in seconds; all ones for ever.</param>
/// <param name="PreferredLifetime">How long addresses in it are preferred, in seconds; all ones for ever.</param>
public readonly record struct PrefixInformation(
    InternetAddress Prefix, byte Length, bool OnLink, bool Autonomous, uint ValidLifetime, uint PreferredLifetime);
