using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Synfin.Drill.Language;

namespace Synfin.Drill.Running;

/// <summary>TCP options between the script's form and octets, one by one and in order, padding too.</summary>
internal static class OptionCodec
{
    private const int EndOfList = 0;
    private const int NoOperation = 1;
    private const int MaximumSegmentSize = 2;
    private const int WindowScale = 3;
    private const int SackPermitted = 4;
    private const int Sack = 5;
    private const int Timestamps = 8;
    private const int FastOpen = 34;

    /// <summary>RFC 6994's experimental kind, with Fast Open's identifier.</summary>
    private const int Experimental = 254;
    private const ushort FastOpenExperiment = 0xF989;

    /// <summary>The octets of options as they are, without padding that the script does not have.</summary>
    public static byte[] Write(IReadOnlyList<ScriptOption> options)
    {
        List<byte> octets = [];
        foreach (ScriptOption option in options) Write(option, octets);
        return [.. octets];
    }

    /// <summary>
    /// Reads what stands between a header and its text. What cannot be an option is one of its kind with the rest as content.
    /// </summary>
    public static List<ScriptOption> Read(ReadOnlySpan<byte> octets)
    {
        List<ScriptOption> options = [];
        while (!octets.IsEmpty)
        {
            int kind = octets[0];
            if (kind is EndOfList or NoOperation)
            {
                options.Add(kind == EndOfList ? new ScriptOption.EndOfList() : new ScriptOption.NoOperation());
                octets = octets[1..];
                continue;
            }
            int length = octets.Length < 2 ? 1 : octets[1];
            if (length < 2 || length > octets.Length)
            {
                options.Add(new ScriptOption.Unknown(kind, octets[1..].ToArray()));
                return options;
            }
            options.Add(Read(kind, octets[2..length]));
            octets = octets[length..];
        }
        return options;
    }

    private static ScriptOption Read(int kind, ReadOnlySpan<byte> content)
    {
        switch (kind)
        {
            case MaximumSegmentSize when content.Length == 2:
                return new ScriptOption.MaximumSegmentSize(BinaryPrimitives.ReadUInt16BigEndian(content));
            case WindowScale when content.Length == 1:
                return new ScriptOption.WindowScale(content[0]);
            case SackPermitted when content.Length == 0:
                return new ScriptOption.SackPermitted();
            case Sack when content.Length % 8 == 0:
                return new ScriptOption.Sack(ReadBlocks(content));
            case Timestamps when content.Length == 8:
                return new ScriptOption.Timestamps(
                    BinaryPrimitives.ReadUInt32BigEndian(content), BinaryPrimitives.ReadUInt32BigEndian(content[4..]));
            case FastOpen:
                return new ScriptOption.FastOpen(content.ToArray(), Experimental: false);
            case Experimental when content.Length >= 2 && BinaryPrimitives.ReadUInt16BigEndian(content) == FastOpenExperiment:
                return new ScriptOption.FastOpen(content[2..].ToArray(), Experimental: true);
            default:
                return new ScriptOption.Unknown(kind, content.ToArray());
        }
    }

    private static (long, long)[] ReadBlocks(ReadOnlySpan<byte> content)
    {
        var blocks = new (long, long)[content.Length / 8];
        for (int i = 0; i < blocks.Length; i++)
        {
            ReadOnlySpan<byte> block = content[(8 * i)..];
            blocks[i] = (BinaryPrimitives.ReadUInt32BigEndian(block), BinaryPrimitives.ReadUInt32BigEndian(block[4..]));
        }
        return blocks;
    }

    private static void Write(ScriptOption option, List<byte> octets)
    {
        switch (option)
        {
            case ScriptOption.EndOfList:
                octets.Add(EndOfList);
                break;
            case ScriptOption.NoOperation:
                octets.Add(NoOperation);
                break;
            case ScriptOption.MaximumSegmentSize mss:
                octets.AddRange([MaximumSegmentSize, 4, (byte)(mss.Value >> 8), (byte)mss.Value]);
                break;
            case ScriptOption.WindowScale scale:
                octets.AddRange([WindowScale, 3, (byte)scale.Shift]);
                break;
            case ScriptOption.SackPermitted:
                octets.AddRange([SackPermitted, 2]);
                break;
            case ScriptOption.Sack sack:
                octets.AddRange([Sack, (byte)(2 + 8 * sack.Blocks.Count)]);
                foreach ((long left, long right) in sack.Blocks)
                {
                    PutWord(octets, unchecked((uint)left));
                    PutWord(octets, unchecked((uint)right));
                }
                break;
            case ScriptOption.Timestamps timestamps:
                octets.AddRange([Timestamps, 10]);
                PutWord(octets, timestamps.Value);
                PutWord(octets, timestamps.Echo);
                break;
            case ScriptOption.FastOpen { Experimental: true } fastOpen:
                octets.AddRange([Experimental, (byte)(4 + fastOpen.Cookie.Length), FastOpenExperiment >> 8, FastOpenExperiment & 0xFF]);
                octets.AddRange(fastOpen.Cookie);
                break;
            case ScriptOption.FastOpen fastOpen:
                octets.AddRange([FastOpen, (byte)(2 + fastOpen.Cookie.Length)]);
                octets.AddRange(fastOpen.Cookie);
                break;
            case ScriptOption.Unknown unknown:
                octets.AddRange([(byte)unknown.Kind, (byte)(2 + unknown.Content.Length)]);
                octets.AddRange(unknown.Content);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static void PutWord(List<byte> octets, uint word) =>
        octets.AddRange([(byte)(word >> 24), (byte)(word >> 16), (byte)(word >> 8), (byte)word]);
}
