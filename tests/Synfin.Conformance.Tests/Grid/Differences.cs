namespace Synfin.Conformance.Tests.Grid;

/// <summary>What differs between the RFC and the engine; nothing is made of what is the same.</summary>
internal struct Differences
{
    private List<string>? _all;

    /// <summary>All of them, in words; empty if there is none.</summary>
    public readonly string Words => _all is null ? "" : string.Join("; ", _all);

    public void Compare<T>(string what, T rfc, T synfin)
    {
        if (!EqualityComparer<T>.Default.Equals(rfc, synfin)) Add($"{what} {rfc} vs. {synfin}");
    }

    public void Add(string difference) => (_all ??= []).Add(difference);
}
