using System.Collections.Generic;

namespace Synfin.Drill.Running;

/// <summary>
/// Turns the timestamps (RFC 7323) that the stack under test sends to those of the script and back. A script names each value it expects,
/// and later has the peer echo it; what is echoed is the value that stood on the wire in that segment.
/// </summary>
internal sealed class TimestampMap
{
    private readonly Dictionary<uint, uint> _liveByScript = [];
    private bool _known;
    private uint _offset;

    /// <summary>An outbound segment had <paramref name="live"/> where the script has <paramref name="script"/>.</summary>
    public void Learn(uint script, uint live)
    {
        if (!_known) _offset = unchecked(live - script);
        _known = true;
        _liveByScript[script] = live;
    }

    /// <summary>A new incarnation of the connection may have another clock: the next value is learnt anew.</summary>
    public void Forget() => _known = false;

    /// <summary>What the script would call a value that the stack sent.</summary>
    public uint ToScript(uint live) => unchecked(live - _offset);

    /// <summary>What to echo on the wire; 0, which echoes nothing, stays 0 unless the script has named it.</summary>
    public uint ToLive(uint script)
    {
        if (_liveByScript.TryGetValue(script, out uint live)) return live;
        return script == 0 ? 0 : unchecked(script + _offset);
    }
}
