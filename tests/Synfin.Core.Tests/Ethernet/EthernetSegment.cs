using Synfin.Ethernet;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Core.Tests.Ethernet;

/// <summary>A cable that all hosts hear, in virtual time; tests speak on it too.</summary>
internal sealed class EthernetSegment
{
    private readonly Queue<(EthernetHost? From, byte[] Frame, ReceiveMetadata Metadata)> _carried = new();

    public Timestamp Now { get; private set; } = Timestamp.Zero + Duration.FromSeconds(1_000);

    public List<EthernetHost> Hosts { get; } = [];

    /// <summary>All frames, lost ones among them.</summary>
    public List<byte[]> Log { get; } = [];

    /// <summary>Whether a frame is lost.</summary>
    public Func<byte[], bool>? Lose { get; set; }

    /// <summary>A host that makes no addresses and detects no duplicates, unless the options say so.</summary>
    public EthernetHost Host(byte number, EthernetOptions? options = null, StackOptions? stack = null)
    {
        options ??= new EthernetOptions { Autoconfiguration = false, DuplicateAddressDetections = 0 };
        Hosts.Add(new EthernetHost(this, number, options, stack));
        return Hosts[^1];
    }

    public void Carry(EthernetHost? from, byte[] frame, ReceiveMetadata metadata)
    {
        Log.Add(frame);
        if (Lose?.Invoke(frame) != true) _carried.Enqueue((from, frame, metadata));
    }

    /// <summary>Somebody else says something.</summary>
    public void Says(byte[] frame)
    {
        Carry(null, frame, default);
        Settle();
    }

    /// <summary>Runs turns at the present time until nothing moves.</summary>
    public void Settle()
    {
        for (int turns = 0; turns < 100_000; turns++)
        {
            foreach (EthernetHost host in Hosts) host.Turn();
            bool moved = _carried.Count > 0;
            while (_carried.TryDequeue(out (EthernetHost? From, byte[] Frame, ReceiveMetadata Metadata) carried))
            {
                foreach (EthernetHost host in Hosts)
                {
                    if (host != carried.From) host.Interface.Input(carried.Frame, carried.Metadata, host.Stack, Now);
                }
            }
            if (!moved && !Hosts.Any(host => host.HasWork && host.Room > 0)) return;
        }
        throw new InvalidOperationException("the hosts do not come to rest");
    }

    /// <summary>Jumps from deadline to deadline until <paramref name="seconds"/> have passed.</summary>
    public void Run(double seconds)
    {
        Timestamp end = Now + Duration.FromSeconds(seconds);
        Settle();
        while (Hosts.Min(host => host.NextDeadline) is { IsSet: true } next && next <= end)
        {
            Now = Timestamp.Max(Now, next);
            Settle();
        }
        Now = end;
        Settle();
    }

    /// <summary>What was said since the last call, without the named kind of words.</summary>
    public string[] Said(string? without = null)
    {
        bool Wanted(string line) => without is null || !line.StartsWith(without, StringComparison.Ordinal);
        string[] said = [.. Log.Select(EthernetFrames.Describe).Where(Wanted)];
        Log.Clear();
        return said;
    }
}
