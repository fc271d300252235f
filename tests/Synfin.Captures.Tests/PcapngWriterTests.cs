using System.Buffers.Binary;
using System.Diagnostics;
using Synfin.Captures.Pcapng;
using Synfin.Timers;
using Synfin.Wire;
using static Synfin.Captures.Tests.Scene;

namespace Synfin.Captures.Tests;

public class PcapngWriterTests
{
    private static readonly InternetAddress A4 = InternetAddress.FromIpv4(10, 0, 0, 1), B4 = InternetAddress.FromIpv4(10, 0, 0, 2);
    private static readonly InternetAddress A6 = new(0x20010DB8_00000000, 1), B6 = new(0x20010DB8_00000000, 2);

    [Fact]
    public void Blocks_are_whole_words_with_their_length_at_both_ends()
    {
        byte[] file = Write();
        List<uint> types = [];
        for (int at = 0; at < file.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 4));
            Assert.Equal(0u, length % 4);
            Assert.Equal(length, BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + (int)length - 4)));
            types.Add(BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)));
            at += (int)length;
        }
        Assert.Equal([0x0A0D0D0A, 1, 1, 6, 6, 6, 6], types);
    }

    [Fact]
    public void A_long_packet_is_cut_and_its_length_kept()
    {
        using var stream = new MemoryStream();
        using var writer = new PcapngWriter(stream, new PcapngOptions { SnapLength = 40 });
        writer.AddInterface("a");
        long start = stream.Length;
        writer.Write(0, Craft.Tcp(A4, 1, B4, 2, Ack, 1, 1, text: new byte[100]), default);
        ReadOnlySpan<byte> block = stream.ToArray().AsSpan((int)start);
        Assert.Equal((40u, 140u), (
            BinaryPrimitives.ReadUInt32LittleEndian(block[20..]), BinaryPrimitives.ReadUInt32LittleEndian(block[24..])));
    }

    [Fact]
    public void An_interface_that_was_not_added_is_refused()
    {
        using var writer = new PcapngWriter(new MemoryStream());
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(0, [], default));
    }

    [Fact]
    public void Wireshark_reads_it_without_complaint()
    {
        string? tshark = new[] { "/usr/bin/tshark", "/usr/local/bin/tshark" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(tshark is null, "tshark is not installed");
        string path = Path.Combine(Path.GetTempPath(), $"synfin-{Guid.NewGuid():N}.pcapng");
        try
        {
            File.WriteAllBytes(path, Write());
            string[] lines = Run(
                tshark!, "-r", path, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-T", "fields", "-E", "separator=|",
                "-e", "frame.time_epoch", "-e", "frame.interface_name", "-e", "tcp.flags.str", "-e", "tcp.checksum.status",
                "-e", "frame.comment", "-e", "_ws.malformed");
            Assert.Equal(4, lines.Length);
            Assert.StartsWith("1700000000.000000001|a|", lines[0], StringComparison.Ordinal);
            Assert.EndsWith("|1||", lines[0], StringComparison.Ordinal);
            Assert.StartsWith("1700000000.010000000|b|", lines[1], StringComparison.Ordinal);
            Assert.EndsWith("|1|lost|", lines[2], StringComparison.Ordinal);
            Assert.EndsWith("|1|IPv6, odd length|", lines[3], StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Write()
    {
        using var stream = new MemoryStream();
        DateTimeOffset epoch = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        var options = new PcapngOptions { Epoch = epoch, Comment = "seed 42", LeaveOpen = true };
        using (var writer = new PcapngWriter(stream, options))
        {
            int a = writer.AddInterface("a"), b = writer.AddInterface("b");
            writer.Write(a, Craft.Tcp(A4, 32768, B4, 80, Syn, 100, options: Craft.SynOptions), new Timestamp(1));
            writer.Write(b, Craft.Tcp(B4, 80, A4, 32768, Syn | Ack, 300, 101, options: Craft.SynOptions), new Timestamp(10_000_000));
            writer.Write(a, Craft.Tcp(A4, 32768, B4, 80, Ack, 101, 301), new Timestamp(20_000_000), "lost");
            writer.Write(a, Craft.Tcp(A6, 1, B6, 2, Psh | Ack, 1, 1, text: [1, 2, 3]), new Timestamp(30_000_000), "IPv6, odd length");
        }
        return stream.ToArray();
    }

    private static string[] Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.GetAwaiter().GetResult());
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
