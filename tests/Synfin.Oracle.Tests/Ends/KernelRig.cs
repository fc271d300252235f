using Synfin.Ip;
using Synfin.Linux;
using Synfin.Oracle.Tests.Scripts;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Oracle.Tests.Ends;

/// <summary>
/// A kernel in a namespace of its own behind a TUN device, for one batch of scripts that run side by side, each on a port of its own. What
/// the kernel answers to a segment is in the device's queue when the segment's write returns, so nothing waits for time to pass.
/// </summary>
internal sealed class KernelRig : IDisposable
{
    /// <summary>The most scripts of a batch.</summary>
    public const int MaxScripts = 200;

    /// <summary>A SYN goes again after a second, which no script may see.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(900);

    private const ushort FirstPort = 2_000;
    private const ushort PeerPort = 50_000;

    private static readonly AddressPrefix _host = AddressPrefix.Parse("10.77.0.1/24");
    private static readonly InternetAddress _peer = AddressPrefix.Parse("10.77.0.2/24").Address;

    private readonly NetworkNamespace _namespace;
    private readonly TunDevice _device;
    private readonly Settings _settings;

    private KernelRig(NetworkNamespace kernel, TunDevice device, Settings settings)
    {
        _namespace = kernel;
        _device = device;
        _settings = settings;
    }

    /// <summary>The four-tuple of a batch's script.</summary>
    public static FourTuple TupleOf(int index) => new(_host.Address, (ushort)(FirstPort + index), _peer, PeerPort);

    public static KernelRig Create(Settings settings)
    {
        NetworkNamespace kernel = NetworkNamespace.Create("oracle");
        try
        {
            TunDevice device = kernel.Run(() =>
            {
                Configure(settings);
                TunDevice made = TunDevice.Open(new TunDeviceOptions { Name = "oracle0", Offloads = false });
                made.SetHostAddress(_host.Address, _host.Length);
                made.Up();
                return made;
            });
            // PSH is set on each super-segment before it is cut, so there must be none.
            kernel.Execute("ip", "link", "set", "dev", "oracle0", "gso_max_segs", "1");
            // Every segment is acknowledged at once, so that no reply depends on when a timer ends.
            kernel.Execute("ip", "route", "replace", "10.77.0.0/24", "dev", "oracle0", "src", "10.77.0.1", "quickack", "1");
            return new KernelRig(kernel, device, settings);
        }
        catch
        {
            kernel.Dispose();
            throw;
        }
    }

    /// <summary>Runs scripts side by side; null if the machine was so busy that a timer may have ended.</summary>
    public IReadOnlyList<IReadOnlyList<Outcome>>? Run(IReadOnlyList<Script> scripts)
    {
        var watch = Stopwatch.StartNew();
        List<List<Outcome>> outcomes = _namespace.Run(() => RunHere(scripts));
        return watch.Elapsed < _longest ? outcomes : null;
    }

    public void Dispose()
    {
        _device.Dispose();
        _namespace.Dispose();
    }

    private static void Configure(Settings settings)
    {
        Set("ipv6/conf/all/disable_ipv6", 1);
        Set("ipv4/conf/all/rp_filter", 0);
        Set("ipv4/tcp_rto_min_us", Settings.MinimumRto * 1000);
        Set("ipv4/tcp_early_retrans", 0); // no tail loss probes
        Set("ipv4/tcp_comp_sack_nr", 0); // no ACKs that wait for company
        Set("ipv4/tcp_autocorking", 0);
        Set("ipv4/tcp_slow_start_after_idle", 0);
        Set("ipv4/tcp_ecn", 0);
        Set("ipv4/tcp_fastopen", 0);
        Set("ipv4/tcp_no_metrics_save", 1); // a script must not learn from another
        Set("ipv4/tcp_moderate_rcvbuf", 0);
        Set("ipv4/tcp_invalid_ratelimit", settings.ChallengeLimit ? Settings.LimitInterval : 0);
        File.WriteAllText("/proc/sys/net/ipv4/tcp_congestion_control", "reno");
    }

    private static void Set(string name, int value) => File.WriteAllText($"/proc/sys/net/{name}", FormattableString.Invariant($"{value}"));

    private List<List<Outcome>> RunHere(IReadOnlyList<Script> scripts)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scripts.Count, MaxScripts);
        var ends = new List<KernelEnd>();
        try
        {
            foreach (Script script in scripts) ends.Add(new KernelEnd(script, TupleOf(ends.Count), _settings));
            int steps = scripts.Max(script => script.Steps.Count);
            for (int step = 0; step < steps; step++) RunStep(ends, step);
            return [.. ends.Select(end => end.Outcomes)];
        }
        finally
        {
            foreach (KernelEnd end in ends) end.Dispose();
        }
    }

    private void RunStep(List<KernelEnd> ends, int step)
    {
        List<KernelEnd> active = ends.FindAll(end => step < end.Script.Steps.Count);
        foreach (KernelEnd end in active)
        {
            if (end.Do(end.Script.Steps[step]) is { } packet) Inject(packet);
            Drain(ends);
            end.Accept();
            Drain(ends);
        }
        SocketStates states = SocketStates.Read();
        Drain(ends);
        foreach (KernelEnd end in active) end.Note(states.Of(end.View.Host.LocalPort));
    }

    private void Inject(byte[] packet)
    {
        var outbound = new OutboundPacket { Header = packet, TransportOffset = IpHeader.Ipv4Length, WireSegments = 1 };
        if (!_device.Queues[0].Transmit(in outbound)) throw new InvalidOperationException("the device takes no packet");
    }

    private void Drain(List<KernelEnd> ends)
    {
        while (_device.Queues[0].TryRead(out ReadOnlySpan<byte> packet, out _))
        {
            var seg = default(Segment);
            if (!PacketReader.TryRead(packet, ref seg)) continue;
            int index = seg.SourcePort - FirstPort;
            if (index >= 0 && index < ends.Count) ends[index].Sent(in seg);
        }
    }
}
