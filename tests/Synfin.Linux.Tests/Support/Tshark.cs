using System.Diagnostics;
using Xunit;

namespace Synfin.Linux.Tests.Support;

/// <summary>What tshark says about a capture. What TCP carries is plain data to it: the programs at both ends judge that.</summary>
internal static class Tshark
{
    /// <summary>The name of the interface all of whose packets are Synfin's.</summary>
    public const string FromSynfin = "from Synfin";

    // ICMP's error messages quote packets as they were on their way, with offloads before the checksum was finished; of these the message
    // itself counts. Linux, where it sums without a device's help, writes TCP's 0x0000 as 0xFFFF, as is due to UDP. Expert group "checksum"
    // and severity "error" are those of every protocol.
    private const string Unsound = "icmp.checksum.status == \"Bad\" || icmpv6.checksum.status == \"Bad\" || _ws.malformed"
        + " || (!(icmp.type == 3 || icmp.type == 11 || icmpv6.type < 128)"
        + " && !(frame.interface_name != \"" + FromSynfin + "\" && tcp.checksum == 0xFFFF)"
        + " && (_ws.expert.severity == \"Error\" || _ws.expert.group == \"Malformed\" || _ws.expert.group == \"Checksum\""
        + " || ip.checksum.status == \"Bad\" || tcp.checksum.status == \"Bad\" || udp.checksum.status == \"Bad\"))";

    /// <summary>Fails if a packet is malformed or has a wrong checksum. Where there is no tshark, nobody judges.</summary>
    public static void AssertSound(string path)
    {
        if (!Requires.Has("tshark")) return;
        IReadOnlyList<string> unsound = Select(path, Unsound);
        Assert.True(unsound.Count == 0, $"{unsound.Count} packets are not sound; the first:\n{string.Join('\n', unsound.Take(10))}");
    }

    /// <summary>A line for each packet that the filter selects.</summary>
    public static IReadOnlyList<string> Select(string path, string filter)
    {
        string[] arguments =
        [
            "-r", path, "-n", "-Y", filter,
            "-d", "tcp.port==1-65535,data",
            "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
            "-T", "fields", "-e", "frame.number", "-e", "_ws.col.Info", "-e", "_ws.expert.message",
        ];
        var start = new ProcessStartInfo("tshark", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("tshark does not start");
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"tshark ended with {process.ExitCode}: {errors.Result}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
