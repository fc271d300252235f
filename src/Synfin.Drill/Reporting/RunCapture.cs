using System;
using System.IO;
using Synfin.Captures.Ladders;
using Synfin.Captures.Pcapng;
using Synfin.Drill.Language;
using Synfin.Drill.Running;
using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Drill.Reporting;

/// <summary>Keeps what one run sends and receives: as a file, as a ladder, or both.</summary>
internal sealed class RunCapture : IPacketTap, IDisposable
{
    /// <summary>The stack under test, in ladders.</summary>
    private const string Stack = "synfin";

    /// <summary>The script, in ladders.</summary>
    private const string Peer = "script";

    private readonly PcapngWriter? _file;
    private readonly int _interface;
    private readonly LadderRecorder? _ladder;

    private RunCapture(PcapngWriter? file, LadderRecorder? ladder)
    {
        _file = file;
        _interface = file?.AddInterface(Stack) ?? 0;
        _ladder = ladder;
    }

    /// <summary>Sees what the engine does, for the ladder's states; null if there is none.</summary>
    public ITcpObserver? Observer => _ladder?.ObserverFor(Stack);

    /// <summary>A capture as the options ask for it; null if they do not.</summary>
    /// <exception cref="DrillUsageException">The file cannot be made.</exception>
    public static RunCapture? Begin(DrillOptions options, Script script, DrillAddresses addresses)
    {
        if (options.PcapFolder is null && !options.Ladder) return null;
        PcapngWriter? file = options.PcapFolder is { } folder ? Create(folder, script.Path, addresses.Version) : null;
        LadderRecorder? ladder = null;
        if (options.Ladder)
        {
            ladder = new LadderRecorder();
            ladder.AddHost(Stack, addresses.Local);
            ladder.AddHost(Peer, addresses.Remote);
        }
        return new RunCapture(file, ladder);
    }

    public void Sent(ReadOnlySpan<byte> ipPacket, Timestamp time)
    {
        _file?.Write(_interface, ipPacket, time);
        if (_ladder is not { } ladder) return;
        ladder.PacketDelivered(ladder.PacketSent(Stack, ipPacket, time), Peer, time);
    }

    public void Arriving(ReadOnlySpan<byte> ipPacket, Timestamp time)
    {
        _file?.Write(_interface, ipPacket, time);
        if (_ladder is not { } ladder) return;
        ladder.PacketDelivered(ladder.PacketSent(Peer, ipPacket, time), Stack, time);
    }

    /// <summary>The ladder of what was seen, or null.</summary>
    public string? RenderLadder(int width) => _ladder is { } ladder
        ? TextLadderRenderer.Render(
            ladder.Build(new LadderOptions { Left = Peer, Right = Stack }), Math.Max(width, TextLadderOptions.MinWidth))
        : null;

    public void Dispose() => _file?.Dispose();

    /// <summary>The script's path is the file's name: folders become dots, so that no two scripts share one.</summary>
    private static PcapngWriter Create(string folder, string script, IpVersion version)
    {
        string family = version switch
        {
            IpVersion.Ipv4 => "ipv4",
            IpVersion.Ipv6 => "ipv6",
            IpVersion.Ipv4MappedIpv6 => "mapped",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        string relative = Path.GetRelativePath(".", script);
        string plain = Path.ChangeExtension(relative, null).Replace("..", "", StringComparison.Ordinal);
        string name = plain.Replace('\\', '.').Replace('/', '.').Trim('.');
        try
        {
            Directory.CreateDirectory(folder);
            var options = new PcapngOptions { Comment = $"{script} over {family}" };
            return new PcapngWriter(File.Create(Path.Combine(folder, $"{name}.{family}.pcapng")), options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DrillUsageException($"the capture cannot be written: {e.Message.TrimEnd('.')}");
        }
    }
}
