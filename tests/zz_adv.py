from __future__ import annotations
import os, re, random, traceback, json
from html.parser import HTMLParser
from urllib.parse import urlsplit
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.test_access import NOW, rows, world, World  # noqa
from tests.clock import arriving
from tests.builders import small_pdf
import network.urls, network.urls_desk, network.urls_partners, network.urls_services

NAMES = {p.name for m in (network.urls, network.urls_desk, network.urls_partners, network.urls_services) for p in m.urlpatterns}

class F(HTMLParser):
    def __init__(self):
        super().__init__(); self.forms=[]; self.cur=None; self.sel=None; self.ta=None; self.titles=''
    def handle_starttag(self, tag, a):
        a=dict(a)
        if tag=='form': self.cur={'action':a.get('action') or '','method':(a.get('method') or 'get').lower(),'fields':[], 'id':a.get('id')}; self.forms.append(self.cur)
        if self.cur is None: return
        if tag=='input' and a.get('name'):
            t=a.get('type','text')
            self.cur['fields'].append([a['name'],t,a.get('value','on' if t in('checkbox','radio') else ''), 'checked' in a])
        if tag=='button' and a.get('name'): self.cur['fields'].append([a['name'],'submit',a.get('value',''),False])
        if tag=='select' and a.get('name'): self.sel=[a['name'],'select','',[]]; self.cur['fields'].append(self.sel)
        if tag=='option' and self.sel is not None:
            self.sel[3].append(a.get('value',''))
            if 'selected' in a: self.sel[2]=a.get('value','')
        if tag=='textarea' and a.get('name'): self.ta=[a['name'],'textarea','',False]; self.cur['fields'].append(self.ta)
    def handle_data(self,d):
        if self.ta is not None: self.ta[2]+=d
    def handle_endtag(self,tag):
        if tag=='form': self.cur=None
        if tag=='select': self.sel=None
        if tag=='textarea': self.ta=None

NASTY=['\x00','a\x00b','9'*19,'-1','1e30','NaN','Infinity','0001-01-01','9999-12-31','31/12/9999','x'*301,'x'*70000,'\U0001F600\u202e<script>alert(1)</script>','','999999999999999999,99','-5','2022-02-30T25:00','00:00','\ud800'.encode('utf-8','surrogatepass').decode('latin1'),'١٢٣','²','1'*5000]
found=[]
def note(kind, client, url, data, exc):
    tb=traceback.extract_tb(exc.__traceback__) if exc else []
    mine=[f'{os.path.basename(f.filename)}:{f.lineno}:{f.name}' for f in tb if '/work/main/' in f.filename and 'zzadv' not in f.filename and '.venv' not in f.filename][-3:]
    key=(kind,type(exc).__name__ if exc else '',tuple(mine))
    for k in found:
        if k['key']==key: k['n']+=1; return
    found.append({'key':key,'n':1,'client':client,'url':url,'data':{k:(str(v)[:80]) for k,v in (data or {}).items()},'msg':str(exc)[:300] if exc else ''})

def go(c, cname, how, url, data=None, writes=False):
    connection.queries_log.clear()
    with arriving(NOW):
        sid=transaction.savepoint()
        try:
            with CaptureQueriesContext(connection) as q:
                try:
                    r=getattr(c,how)(url, data) if data is not None else getattr(c,how)(url)
                    if r.streaming: list(r)
                    if r.status_code>=500: note('500',cname,url,data,None)
                except Exception as e:
                    note('EXC '+how,cname,url,data,e); r=None
            if how=='get':
                w=[x['sql'][:150] for x in q.captured_queries if re.match(r'\s*(INSERT|UPDATE|DELETE)',x['sql']) and 'django_session' not in x['sql']]
                if w: note('GETWRITE '+w[0],cname,url,data,None)
        finally:
            transaction.savepoint_rollback(sid)
    return r

@pytest.mark.django_db
def test_fuzz(world):
    rnd=random.Random(int(os.environ.get('SEED','1')))
    who=os.environ.get('WHO','office member nobody other').split()
    for name in who:
        c=world.clients[name]
        seen=set()
        for row in rows():
            if row.route not in NAMES: continue
            names=[] if row.of=='-' else row.of.split('+')
            url=reverse(row.route,args=[world.things.get(n,n) for n in names])
            if url in seen: continue
            seen.add(url); dump(who)
            r=go(c,name,'get',url)
            if r is None or r.status_code!=200: continue
            for qs in ['?q=%ff%fe&spazio=%00&servizio=%00&page=%00&pagina=9999999999999999999999','?q='+'a'*5000+'&spazio=99999999999999999999&area=%F0%9F%98%80&lat=1e400&lon=nan&indirizzo=%00&anno=0&mese=99&stato=%00&dal=0001-01-01&al=9999-12-31&municipio=999999999999999999999999']:
                go(c,name,'get',url+qs)
            if not (r.headers.get('Content-Type','').startswith('text/html')): continue
            p=F(); p.feed(r.content.decode())
            for form in p.forms:
                tgt=form['action'] or url
                tgt=tgt if tgt.startswith('/') else (url+tgt if tgt.startswith('?') else url)
                if 'lingua' in tgt or 'logout' in tgt or 'esci' in tgt or 'i18n' in tgt: continue
                if form['method']=='get':
                    for n,t,v,x in form['fields']:
                        for bad in NASTY: go(c,name,'get',tgt.split('#')[0],{n:bad[:6000]})
                    continue
                subs=[(n,v) for n,t,v,_ in form['fields'] if t=='submit'] or [(None,None)]
                def base():
                    d={}
                    for n,t,v,x in form['fields']:
                        if t=='submit' or n=='csrfmiddlewaretoken': continue
                        if t in('checkbox','radio'):
                            if x or t=='radio' or rnd.random()<.7: d[n]=v
                        elif t=='select': d[n]=v or next((o for o in x if o),'')
                        elif t=='file': d[n]=None
                        elif t in ('hidden',): d[n]=v
                        else:
                            d[n]=v or guess(n,t)
                    return d
                for sub in subs[:12]:
                    fields=[f for f in form['fields'] if f[1]!='submit' and f[0]!='csrfmiddlewaretoken']
                    trials=[None]+[(f,bad) for f in fields for bad in rnd.sample(NASTY,min(len(NASTY),int(os.environ.get('K','3'))))]
                    if len(trials)>45: trials=[None]+rnd.sample(trials[1:],44)
                    for tr in trials:
                        d=base()
                        for k in list(d):
                            if d[k] is None: d[k]=SimpleUploadedFile('a.pdf',small_pdf('x'))
                        if sub[0]: d[sub[0]]=sub[1]
                        if tr:
                            f,bad=tr
                            d[f[0]]=SimpleUploadedFile('x'*300+'.pdf' if rnd.random()<.5 else 'a.pdf', rnd.choice([b'',b'%PDF-1.4\n'+b'\0'*100,b'\0'])) if f[1]=='file' else bad
                        go(c,name,'post',tgt.split('#')[0],d)
                    # everything bad / empty / missing
                    for bad in ['','\x00','9'*19,'\U0001F600']:
                        d={f[0]:bad for f in fields if f[1]!='file'}
                        if sub[0]: d[sub[0]]=sub[1]
                        go(c,name,'post',tgt.split('#')[0],d)
                    d={}
                    if sub[0]: d[sub[0]]=sub[1]
                    go(c,name,'post',tgt.split('#')[0],d)
            go(c,name,'post',url,{}); go(c,name,'post',url,{'act':'\x00','action':'x'})
    dump(who)
    print(len(found))

def dump(who):
    with open(f"/tmp/adv/found_{connection.vendor}_{who[0]}.json","w") as f: json.dump(found,f,indent=1,default=str)

def guess(n,t):
    if t=='date': return '2022-05-10'
    if t=='datetime-local': return '2022-05-10T10:00'
    if t=='time': return '10:00'
    if t=='number': return '3'
    if t=='email': return 'a@b.it'
    if t=='tel': return '3331112223'
    if 'amount' in n or 'importo' in n or 'cost' in n: return '12,50'
    return 'Testo'
