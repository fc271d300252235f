using Synfin.Captures.Pcapng;
using Synfin.Timers;
using Xunit;

namespace Synfin.Linux.Tests.Support;

/// <summary>Writes down all that a host sends and receives, and has tshark, which computes every checksum anew, judge it.</summary>
internal sealed class Wiretap : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly PcapngWriter _writer;
    private readonly int _sent;
    private readonly int _received;
    private readonly Lock _gate = new();
    private bool _isClosed;

    public Wiretap()
    {
        _writer = new PcapngWriter(new BufferedStream(File.Create(_path), 1 << 20));
        _sent = _writer.AddInterface(Tshark.FromSynfin);
        _received = _writer.AddInterface("from others");
    }

    /// <summary>For <see cref="LinuxHostOptions.Tap"/>; any thread may call it.</summary>
    public PacketTap Tap => Write;

    /// <summary>Packets so far.</summary>
    public int Packets { get; private set; }

    /// <summary>The file, complete and closed: nothing is written any more.</summary>
    public string Close()
    {
        lock (_gate)
        {
            if (!_isClosed) _writer.Dispose();
            _isClosed = true;
        }
        return _path;
    }

    /// <summary>No packet is malformed, and every checksum is right. Where there is no tshark, nobody judges.</summary>
    public void AssertSound()
    {
        string path = Close();
        Assert.InRange(Packets, 1, int.MaxValue);
        Tshark.AssertSound(path);
    }

    /// <summary>How many packets a display filter of tshark selects; skips the test where there is no tshark.</summary>
    public int Count(string filter)
    {
        Requires.Program("tshark");
        return Tshark.Select(Close(), filter).Count;
    }

    public void Dispose()
    {
        Close();
        File.Delete(_path);
    }

    private void Write(Timestamp time, bool outbound, ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            if (_isClosed) return;
            _writer.Write(outbound ? _sent : _received, packet, time);
            Packets++;
        }
    }
}
