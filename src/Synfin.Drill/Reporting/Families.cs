using System;
using System.Collections.Generic;
using System.Linq;
using Synfin.Drill.Language;
using Synfin.Drill.Running;

namespace Synfin.Drill.Reporting;

/// <summary>In which families a script can run: what it says, or names that only one of them has, leave out the others.</summary>
internal static class Families
{
    private static readonly IpVersion[] _ipv4 = [IpVersion.Ipv4];
    private static readonly IpVersion[] _ipv6 = [IpVersion.Ipv6];
    private static readonly IpVersion[] _ipv4OnWire = [IpVersion.Ipv4, IpVersion.Ipv4MappedIpv6];

    /// <summary>The families of <paramref name="wanted"/> that a script can run in; if there is none, why.</summary>
    public static List<IpVersion> Of(Script script, IReadOnlyList<IpVersion> wanted, out string? reason)
    {
        reason = null;
        List<IpVersion> left = [.. wanted];
        foreach ((IpVersion[] only, string why) in Restrictions(script))
        {
            left.RemoveAll(version => !only.Contains(version));
            if (left.Count > 0) continue;
            reason = $"it runs over {string.Join(" and ", only.Select(TextReport.NameOf))} only ({why})";
            if (wanted.Any(version => only.Contains(version))) reason += ", which something before excludes";
            return left;
        }
        return left;
    }

    private static IEnumerable<(IpVersion[] Only, string Why)> Restrictions(Script script)
    {
        ScriptOptions options = script.Options;
        if (options.IpVersion is { } version) yield return ([version], "--ip_version");
        if (options.LocalAddress is { } local) yield return (local.IsIpv4 ? _ipv4OnWire : _ipv6, "--local_ip");
        if (options.RemoteAddress is { } remote) yield return (remote.IsIpv4 ? _ipv4OnWire : _ipv6, "--remote_ip");
        foreach (ScriptEvent e in script.Events)
        {
            if (e is PacketEvent packet && OfPacket(packet.Packet) is { } one) yield return (one, $"line {e.Line}");
            if (e is CallEvent call && OfCall(call) is { } other) yield return (other.Only, $"{other.Name} in line {e.Line}");
        }
    }

    private static IpVersion[]? OfPacket(ScriptPacket packet)
    {
        if (packet.Ip.FlowLabel is not null) return _ipv6;
        if (packet is not ScriptIcmp icmp) return null;
        bool v4 = IcmpNames.TryFind(icmp, v6: false, out _, out _), v6 = IcmpNames.TryFind(icmp, v6: true, out _, out _);
        return (v4, v6) switch
        {
            (true, false) => _ipv4OnWire,
            (false, true) => _ipv6,
            _ => null, // both; or neither, which the run says
        };
    }

    private static (IpVersion[] Only, string Name)? OfCall(CallEvent call)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (ScriptValue argument in call.Arguments) Collect(argument, names);
        foreach (string name in (ReadOnlySpan<string>)["AF_INET6", "PF_INET6", "SOL_IPV6", "IPPROTO_IPV6", "in6addr_any"])
        {
            if (names.Contains(name)) return (_ipv6, name);
        }
        foreach (string name in (ReadOnlySpan<string>)["AF_INET", "PF_INET", "SOL_IP", "IPPROTO_IP", "inet_addr"])
        {
            if (names.Contains(name)) return (_ipv4, name);
        }
        return null;
    }

    private static void Collect(ScriptValue value, HashSet<string> names)
    {
        switch (value)
        {
            case ScriptValue.Name name:
                names.Add(name.Identifier);
                break;
            case ScriptValue.Call call:
                names.Add(call.Function);
                foreach (ScriptValue argument in call.Arguments) Collect(argument, names);
                break;
            case ScriptValue.List list:
                foreach (ScriptValue item in list.Items) Collect(item, names);
                break;
            case ScriptValue.Struct structure:
                foreach (ScriptValue.Field field in structure.Fields) Collect(field.Value, names);
                break;
            case ScriptValue.Operation operation:
                Collect(operation.Left, names);
                if (operation.Right is { } right) Collect(right, names);
                break;
            default:
                break;
        }
    }
}
