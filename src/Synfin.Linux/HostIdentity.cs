using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Linux;

/// <summary>
/// What a host keeps over restarts: its Ethernet address and the key of its IPv6 identifiers (RFC 7217 5), from the machine's identity and
/// the device's name. A machine without identity has others at each start.
/// </summary>
internal static class HostIdentity
{
    private const string MachineId = "/etc/machine-id";
    private const ulong LocallyAdministered = 0x0200_0000_0000;
    private const ulong GroupBit = 0x0100_0000_0000;

    /// <summary>The host behind a device.</summary>
    public static (MacAddress Mac, StackSecret Secret) Of(string device)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"synfin {Machine()} {device}"), digest);
        ulong mac = BinaryPrimitives.ReadUInt64BigEndian(digest) >> 16;
        return (
            new MacAddress((mac | LocallyAdministered) & ~GroupBit),
            new StackSecret(BinaryPrimitives.ReadUInt64LittleEndian(digest[8..]), BinaryPrimitives.ReadUInt64LittleEndian(digest[16..])));
    }

    private static string Machine()
    {
        try
        {
            string identity = File.ReadAllText(MachineId).Trim();
            if (identity.Length > 0) return identity;
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            // Containers often have none.
        }
        return Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    }
}
