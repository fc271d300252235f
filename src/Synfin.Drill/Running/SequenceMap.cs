namespace Synfin.Drill.Running;

/// <summary>
/// Turns a connection's sequence numbers from the script's, which usually start at 0, to those on the wire and back, modulo 2^32. Until the
/// first SYN is known they are the same.
/// </summary>
internal sealed class SequenceMap
{
    private uint _offset;

    /// <summary>Whether a SYN has said what the script's numbers are on the wire.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>A SYN that the script has as <paramref name="script"/> is <paramref name="live"/> on the wire.</summary>
    public void Learn(long script, uint live)
    {
        _offset = unchecked(live - (uint)script);
        IsKnown = true;
    }

    /// <summary>
    /// A SYN went out that no line of the script has named: its number is taken for 0 in messages, until a line names it.
    /// </summary>
    public void Guess(uint live)
    {
        if (!IsKnown) _offset = live;
    }

    /// <summary>A new incarnation of the connection begins: the next SYN is learnt anew.</summary>
    public void Forget() => IsKnown = false;

    /// <summary>On the wire.</summary>
    public uint ToLive(long script) => unchecked((uint)script + _offset);

    /// <summary>In the script.</summary>
    public uint ToScript(uint live) => unchecked(live - _offset);
}
