using Synfin.Captures.Ladders;
using Synfin.Runtime;
using Synfin.Simulation.Packets;
using Synfin.Stack;

namespace Synfin.Simulation;

public sealed partial class SimulatedNetwork
{
    private readonly TraceHash _trace = new();
    private readonly List<PacketRecord> _packets = [];
    private long _recordedOctets;

    /// <summary>
    /// The fingerprint of all packets sent, delivered and lost with their times, hosts and octets, and of all changes of state and timers.
    /// </summary>
    public ulong TraceHash => _trace.Value;

    /// <summary>
    /// The ladder's recorder; null without <see cref="SimulationOptions.RecordLadder"/>. While a hosted network runs, ask
    /// <see cref="BuildLadder"/> instead.
    /// </summary>
    public LadderRecorder? Ladder { get; }

    /// <summary>Every packet sent and delivered, in order; empty without <see cref="SimulationOptions.RecordPackets"/>.</summary>
    public IReadOnlyList<PacketRecord> Packets => _packets;

    /// <summary>How many records are missing in <see cref="Packets"/>: see <see cref="SimulationOptions.MaxRecordedOctets"/>.</summary>
    public long PacketsMissing { get; private set; }

    /// <summary>Called for every packet that is sent, delivered or lost; null for nobody.</summary>
    public Action<PacketRecord>? Tap { get; set; }

    /// <summary>Writes a line into the ladder.</summary>
    /// <param name="host">Where; empty if it concerns the network between the hosts.</param>
    /// <param name="text">What, in a few words.</param>
    public void Note(string host, string text)
    {
        using StackGate.Visit visit = Enter(nameof(Note));
        Ladder?.Note(host, text, Now);
    }

    /// <summary>The ladder of what was recorded so far; in hosted mode the network may go on meanwhile.</summary>
    /// <exception cref="InvalidOperationException"><see cref="SimulationOptions.RecordLadder"/> is off.</exception>
    public Ladder BuildLadder(LadderOptions? options = null)
    {
        using StackGate.Visit visit = Enter(nameof(BuildLadder));
        if (Ladder is null) throw new InvalidOperationException("no ladder was recorded; set SimulationOptions.RecordLadder");
        return Ladder.Build(options);
    }

    /// <summary>The ladder as text of at most so many columns.</summary>
    /// <exception cref="InvalidOperationException"><see cref="SimulationOptions.RecordLadder"/> is off.</exception>
    public string DrawLadder(int width = 80, LadderOptions? options = null) => TextLadderRenderer.Render(BuildLadder(options), width);

    /// <summary>
    /// Writes all packets to a file for Wireshark: an interface a host, dates from <see cref="VirtualTimeProvider.Epoch"/>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="host">
    /// Only what this host sent and got; null for all hosts, whose interfaces show most packets twice, which Wireshark takes for
    /// retransmissions.
    /// </param>
    /// <exception cref="InvalidOperationException"><see cref="SimulationOptions.RecordPackets"/> is off.</exception>
    public void WritePcapng(string path, string? host = null)
    {
        if (!Options.RecordPackets) throw new InvalidOperationException("no packets were kept; set SimulationOptions.RecordPackets");
        using StackGate.Visit visit = Enter(nameof(WritePcapng));
        PacketFile.Write(this, File.Create(path), host);
    }

    internal TraceHash Trace => _trace;

    internal void RecordSent(SimulatedPacket packet)
    {
        if (Ladder is { } ladder) packet.LadderId = ladder.PacketSent(packet.Sender, packet.Octets.Span, Now);
        Record(packet, PacketFate.Sent, packet.Sender, reason: "");
    }

    internal void RecordDelivered(SimulatedPacket packet, SimulatedNode host)
    {
        Ladder?.PacketDelivered(packet.LadderId, host.Name, Now);
        Record(packet, PacketFate.Delivered, host.Name, reason: "");
    }

    /// <summary>A packet will never arrive.</summary>
    internal void Lose(SimulatedPacket packet, string reason)
    {
        Ladder?.PacketLost(packet.LadderId, reason, Now);
        Record(packet, PacketFate.Lost, packet.Sender, reason);
    }

    private void Record(SimulatedPacket packet, PacketFate fate, string host, string reason)
    {
        _trace.Add(Now.Nanoseconds);
        _trace.Add((ulong)fate);
        _trace.Add(host);
        _trace.Add(packet.Octets.Span);
        if (!Options.RecordPackets && Tap is null) return;
        PacketRecord record = new(Now, fate, host, packet, reason);
        if (Options.RecordPackets) Keep(record);
        Tap?.Invoke(record);
    }

    /// <summary>A packet's records share its octets, so only the first counts them.</summary>
    private void Keep(PacketRecord record)
    {
        if (record.Fate is PacketFate.Sent) _recordedOctets += record.Packet.Octets.Length;
        if (_recordedOctets <= Options.MaxRecordedOctets) _packets.Add(record);
        else PacketsMissing++;
    }
}
