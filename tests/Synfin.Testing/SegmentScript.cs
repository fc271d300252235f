using System.Globalization;
using Synfin.Wire;

namespace Synfin.Testing;

/// <summary>
/// A segment in words: flags (<c>S F R P U E W</c>, <c>.</c> for ACK, <c>-</c> for none), then in any order <c>seq n</c>, <c>ack n</c>,
/// <c>win n</c>, <c>len n</c> (octets of text), <c>urg n</c>, <c>ect0</c>, <c>ect1</c>, <c>ce</c> or
/// <c>noect</c> (of the IP header) and <c>&lt;mss n, wscale n, sackOK, TS val n ecr n|last, sack a:b c:d&gt;</c>.
/// <c>raw hex</c> puts octets behind the peer's other options as they are, padded with zeros to a whole word.
/// Text octets that the peer sends are (byte)(seq - 1), or all <c>fill n</c>.
/// A field that is left out is not compared, and is 0 (window 65,535) when sent.
/// </summary>
public static class SegmentScript
{
    private const string Letters = "FSRP.UEW";
    private const int DataOffsetOctet = 12;

    private static readonly string[] EcnWords = ["noect", "ect1", "ect0", "ce"];

    /// <summary>Builds the packet that the peer sends.</summary>
    public static byte[] Build(string script, Given given)
    {
        ArgumentNullException.ThrowIfNull(given);
        Fields f = Parse(script);
        int ip = given.PeerAddress.IsIpv4 ? IpHeader.Ipv4Length : IpHeader.Ipv6Length;
        byte[] packet = new byte[ip + TcpHeader.MaximumLength + (f.Length ?? 0)];
        TcpOptions options = f.Options;
        if (f.EchoLast) options.TimestampEchoReply = TimestampOf(given.LastSent);
        for (int i = 0; i < options.SackCount; i++)
        {
            SackBlock block = f.Options.SackBlocks[i];
            options.SackBlocks[i] = new SackBlock(given.OurIsn + block.Left.Value, given.OurIsn + block.Right.Value);
        }
        Span<byte> tcp = packet.AsSpan(ip);
        SequenceNumber seq = given.PeerIsn + (uint)(f.Seq ?? 0);
        SequenceNumber ack = f.Flags.HasFlag(TcpFlags.Ack) ? given.OurIsn + (uint)(f.Ack ?? 0) : default;
        int header = TcpHeaderWriter.Write(
            tcp, given.PeerPort, given.OurPort, seq, ack, f.Flags, (ushort)(f.Window ?? 65_535), (ushort)(f.Urgent ?? 0), in options);
        if (f.Raw is { } raw) header = AppendRaw(tcp, header, raw);
        for (int i = 0; i < (f.Length ?? 0); i++) tcp[header + i] = (byte)(f.Fill ?? (f.Seq ?? 0) + i - 1);
        int total = header + (f.Length ?? 0);
        TcpHeaderWriter.WriteChecksum(tcp[..total], given.PeerAddress, given.LocalAddress);
        IpHeaderWriter.Write(packet, given.PeerAddress, given.LocalAddress, IpProtocol.Tcp, total, (byte)(f.Ecn ?? 0), 64, 0);
        return packet.AsSpan(0, ip + total).ToArray();
    }

    /// <summary>Compares a packet of ours with what was expected of it.</summary>
    public static void Check(string script, byte[] packet, Given given)
    {
        ArgumentNullException.ThrowIfNull(given);
        Fields want = Parse(script);
        Segment seg = Read(packet);
        bool same = seg.Flags == want.Flags
            && (want.Seq is not { } seq || seg.Seq == given.OurIsn + (uint)seq)
            && (want.Ack is not { } ack || seg.Ack == given.PeerIsn + (uint)ack)
            && (want.Window is not { } window || seg.Wnd == window)
            && seg.Text.Length == (want.Length ?? 0)
            && (want.Ecn is not { } ecn || seg.Ecn == ecn)
            && (want.Urgent is not { } urgent || seg.Up == urgent)
            && SameOptions(in want, in seg, given);
        if (!same) throw new InvalidOperationException($"expected \"{script}\" at {given.Now}, but \"{Describe(packet, given)}\" was sent");
    }

    /// <summary>A packet of ours in words.</summary>
    public static string Describe(byte[] packet, Given given)
    {
        ArgumentNullException.ThrowIfNull(given);
        Segment seg = Read(packet);
        string flags = "";
        for (int i = 0; i < Letters.Length; i++)
        {
            if (((int)seg.Flags & 1 << i) != 0) flags += Letters[i];
        }
        if (flags.Length == 0) flags = "-";
        string text = FormattableString.Invariant($"{flags} seq {seg.Seq - given.OurIsn} ack {seg.Ack - given.PeerIsn} win {seg.Wnd}");
        if (!seg.Text.IsEmpty) text += FormattableString.Invariant($" len {seg.Text.Length}");
        if (seg.Ecn != 0) text += " " + EcnWords[seg.Ecn];
        if (seg.Has(TcpFlags.Urg)) text += FormattableString.Invariant($" urg {seg.Up}");
        TcpOptions o = seg.Options;
        if (o.Has(TcpOptionKinds.MaximumSegmentSize)) text += FormattableString.Invariant($" mss {o.MaximumSegmentSize}");
        if (o.Has(TcpOptionKinds.WindowScale)) text += FormattableString.Invariant($" wscale {o.WindowScale}");
        if (o.Has(TcpOptionKinds.SackPermitted)) text += " sackOK";
        if (o.Has(TcpOptionKinds.Timestamps)) text += FormattableString.Invariant($" TS val {o.TimestampValue} ecr {o.TimestampEchoReply}");
        for (int i = 0; i < o.SackCount; i++)
            text += FormattableString.Invariant($" sack {o.SackBlocks[i].Left - given.PeerIsn}:{o.SackBlocks[i].Right - given.PeerIsn}");
        return text;
    }

    /// <summary>The segment of a packet.</summary>
    public static Segment Read(byte[] packet)
    {
        var seg = default(Segment);
        WireError error = IpHeader.TryParse(packet, out IpHeader ip);
        if (error is WireError.None) error = TcpHeader.TryParse(ip.Payload(packet), ref seg);
        if (error is not WireError.None) throw new InvalidOperationException($"what was sent does not parse: {error}");
        seg.Ecn = (byte)ip.Ecn;
        if (!InternetChecksum.Verify(ip.Source, ip.Destination, IpProtocol.Tcp, ip.Payload(packet)) && !Partial)
            throw new InvalidOperationException("what was sent has a wrong checksum (MUST-2)");
        return seg;
    }

    /// <summary>Whether checksums are left to the link, so that they cannot be verified here.</summary>
    [field: ThreadStatic]
    public static bool Partial { get; set; }

    /// <summary>Whether a packet of ours is a SYN; its number, and the port that it goes to.</summary>
    internal static bool IsSyn(byte[] packet, out SequenceNumber isn, out ushort port)
    {
        isn = default;
        port = 0;
        if (IpHeader.TryParse(packet, out IpHeader ip) is not WireError.None || ip.Protocol != IpProtocol.Tcp) return false;
        Segment seg = Read(packet);
        isn = seg.Seq;
        port = seg.DestinationPort;
        return seg.Has(TcpFlags.Syn);
    }

    private static int AppendRaw(Span<byte> tcp, int header, byte[] raw)
    {
        raw.CopyTo(tcp[header..]);
        int length = (header + raw.Length + 3) / 4 * 4;
        tcp[DataOffsetOctet] = (byte)(length / 4 << 4 | tcp[DataOffsetOctet] & 0xF);
        return length;
    }

    private static uint TimestampOf(byte[] packet) => Read(packet).Options.TimestampValue;

    private static bool SameOptions(in Fields want, in Segment seg, Given given)
    {
        TcpOptions w = want.Options, o = seg.Options;
        if ((w.Present & ~o.Present) != 0) return false;
        if (w.Has(TcpOptionKinds.MaximumSegmentSize) && w.MaximumSegmentSize != o.MaximumSegmentSize) return false;
        if (w.Has(TcpOptionKinds.WindowScale) && w.WindowScale != o.WindowScale) return false;
        if (w.Has(TcpOptionKinds.Timestamps) && w.TimestampEchoReply != o.TimestampEchoReply) return false;
        if (want.NoSack && o.SackCount > 0) return false;
        if (!w.Has(TcpOptionKinds.Sack)) return true;
        if (w.SackCount != o.SackCount) return false;
        for (int i = 0; i < w.SackCount; i++)
        {
            SackBlock wanted = w.SackBlocks[i];
            if (o.SackBlocks[i] != new SackBlock(given.PeerIsn + wanted.Left.Value, given.PeerIsn + wanted.Right.Value))
                return false;
        }
        return true;
    }

    private static Fields Parse(string script)
    {
        ArgumentNullException.ThrowIfNull(script);
        var fields = default(Fields);
        int angle = script.IndexOf('<', StringComparison.Ordinal);
        string head = angle < 0 ? script : script[..angle];
        if (angle >= 0) ParseOptions(script[(angle + 1)..script.LastIndexOf('>')], ref fields);
        string[] words = head.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (char letter in words[0])
        {
            if (letter == '-') continue;
            int bit = Letters.IndexOf(letter, StringComparison.Ordinal);
            if (bit < 0) throw new FormatException($"unknown flag '{letter}' in \"{script}\"");
            fields.Flags |= (TcpFlags)(1 << bit);
        }
        for (int i = 1; i < words.Length; i += 2)
        {
            int ecn = EcnWords.IndexOf(words[i]);
            if (ecn >= 0)
            {
                fields.Ecn = ecn;
                i--;
                continue;
            }
            if (i + 1 == words.Length) throw new FormatException($"no number after \"{words[i]}\" in \"{script}\"");
            long value = long.Parse(words[i + 1], CultureInfo.InvariantCulture);
            switch (words[i])
            {
                case "seq": fields.Seq = value; break;
                case "ack": fields.Ack = value; break;
                case "win": fields.Window = (int)value; break;
                case "len": fields.Length = (int)value; break;
                case "fill": fields.Fill = value; break;
                case "urg": fields.Urgent = (int)value; break;
                default: throw new FormatException($"unknown field \"{words[i]}\" in \"{script}\"");
            }
        }
        return fields;
    }

    private static void ParseOptions(string text, ref Fields fields)
    {
        foreach (string option in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] words = option.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);
            switch (words[0])
            {
                case "mss": fields.Options.SetMaximumSegmentSize(Number(words[1])); break;
                case "wscale": fields.Options.SetWindowScale(Number(words[1])); break;
                case "sackOK": fields.Options.Present |= TcpOptionKinds.SackPermitted; break;
                case "raw": fields.Raw = Convert.FromHexString(words[1]); break;
                case "nosack": fields.NoSack = true; break;
                case "TS":
                    fields.EchoLast = words.Length > 4 && words[4] == "last";
                    fields.Options.SetTimestamps(
                        uint.Parse(words[2], CultureInfo.InvariantCulture),
                        words.Length > 4 && !fields.EchoLast ? uint.Parse(words[4], CultureInfo.InvariantCulture) : 0);
                    break;
                case "sack":
                    for (int i = 1; i + 1 < words.Length; i += 2)
                        fields.Options.AddSack(new SequenceNumber((uint)Number(words[i])), new SequenceNumber((uint)Number(words[i + 1])));
                    break;
                default: throw new FormatException($"unknown option \"{option}\"");
            }
        }
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private struct Fields
    {
        public TcpFlags Flags;
        public long? Seq;
        public long? Ack;
        public int? Window;
        public int? Length;
        public int? Urgent;
        public int? Ecn;
        public long? Fill;
        public TcpOptions Options;
        public byte[]? Raw;
        public bool EchoLast;
        public bool NoSack;
    }
}
