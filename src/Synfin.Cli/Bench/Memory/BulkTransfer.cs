using Synfin.Tcp;

namespace Synfin.Cli.Bench.Memory;

/// <summary>One flow from a to b: 64 KiB writes at one end, 64 KiB reads at the other.</summary>
internal sealed class BulkTransfer
{
    private readonly byte[] _written = new byte[64 * 1024];
    private readonly byte[] _read = new byte[64 * 1024];
    private readonly MemoryHosts _hosts;
    private readonly TcpConnection _from;
    private readonly TcpConnection _to;

    public BulkTransfer(int mtu)
    {
        _hosts = new MemoryHosts(mtu);
        (_from, _to) = _hosts.Open(_hosts.Listen(80));
        for (int i = 0; i < _written.Length; i++) _written[i] = (byte)i;
    }

    public MemoryHosts Hosts => _hosts;

    /// <summary>Moves about a megabyte and returns the octets read.</summary>
    public long Megabyte()
    {
        long total = 0;
        while (total < 1 << 20)
        {
            while (_from.Send(_written, _hosts.Now, out int sent) is TcpError.None && sent == _written.Length)
            {
            }
            _hosts.Turn();
            while (_to.Receive(_read, _hosts.Now, out int received) is TcpError.None && received > 0) total += received;
        }
        return total;
    }
}
